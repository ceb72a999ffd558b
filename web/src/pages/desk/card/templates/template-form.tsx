import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../../src/domain/interaction/interaction.ts';
import { faultsOf, fileTypes } from '../../../../../../src/domain/outbound/template-fill.ts';
import { useLanguage, useText } from '../../../../i18n/language.tsx';
import { reasonText } from '../../../../i18n/reasons/text.ts';
import { type Choice, Combobox } from '../../../../parts/combobox.tsx';
import { useSession } from '../../../../session/account.tsx';
import { write } from '../../../../session/api.ts';
import { useDesk } from '../../../../session/desk.tsx';
import { rememberSent } from '../../../../session/drafts.ts';
import type { Way } from '../../../../session/writing-api.ts';
import { variableValues } from '../canned/use-canned.ts';
import { encoded, FileList } from '../files.tsx';
import { TemplateFields } from './fields.tsx';
import { familiesOf, findTemplates } from './find.ts';
import { TemplatePreview } from './preview.tsx';
import { useTemplateDraft } from './use-draft.ts';
import { useTemplates } from './use-templates.ts';

interface TemplateFormProps {
  /** The draft is kept under this name. */
  readonly name: string;
  readonly way: Way;
  readonly interaction: Interaction;
  /** The client's language; null if unknown. */
  readonly language: 'ru' | 'en' | null;
  onSent?(sent: Interaction): void;
}

/** Chooses a template by typing, fills it in, shows what the client will see, and sends it. */
export function TemplateForm({ name, way, interaction, language, onSent }: TemplateFormProps) {
  const text = useText();
  const { account } = useSession();
  const { setFailed } = useDesk();
  const { items, problem, refresh } = useTemplates(way.connection);
  const [draft, setDraft] = useTemplateDraft(name);
  const [query, setQuery] = useState(draft?.name ?? '');
  const [files, setFiles] = useState<readonly File[]>([]);
  /** Faults are shown once the user has tried to send. */
  const [hasTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const templates = items ?? [];
  const translations = familiesOf(templates, language).find((one) => one.name === draft?.name)?.translations ?? [];
  const template = translations.find((one) => one.language === draft?.language) ?? null;
  const values = draft?.values ?? {};
  const given = files.map(({ type, size }) => ({ mime: type || 'application/octet-stream', bytes: size }));
  const faults = template === null ? [] : faultsOf(template, values, given);
  const types = template === null ? null : fileTypes(template);
  const fileFault = hasTried ? faults.find(({ field }) => field === 'file') : undefined;
  const choose = (chosen: string) => {
    const [first] = familiesOf(templates, language).find((one) => one.name === chosen)?.translations ?? [];
    setTried(false);
    setFiles([]);
    setQuery(chosen);
    setDraft(first === undefined ? null : { name: chosen, language: first.language, values: {} });
  };
  const submit = async () => {
    setTried(true);
    if (template === null || draft === null || faults.length > 0 || isBusy) return;
    setBusy(true);
    try {
      const to = way.interaction === null ? { to: way.phone ?? '' } : { interaction: way.interaction };
      const attachments = await Promise.all(files.map(encoded));
      const sent = await write({ ...to, connection: way.connection, text: '', template: draft, attachments, key });
      rememberSent(sent.id, () => {
        setDraft(draft);
        setQuery(draft.name);
        setFiles(files);
      });
      setDraft(null);
      setQuery('');
      setFiles([]);
      setTried(false);
      setKey(crypto.randomUUID());
      onSent?.(sent);
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  const offered = findTemplates(templates, query, language).map((family): Choice => {
    const [first] = family.translations;
    return {
      id: family.name,
      name: family.name,
      mark: family.translations.map((one) => one.language).join(' '),
      about: first?.body.slice(0, 100) ?? '',
    };
  });
  return (
    <form
      class="answer template"
      aria-label={text.template}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Combobox
        label={text.findTemplate}
        listLabel={text.templates}
        counted={text.templatesFound}
        none={items === null ? text.loading : text.noTemplates}
        value={query}
        choices={offered}
        opensByTyping={true}
        maxLength={512}
        placeholder={items === null ? text.loading : text.findTemplate}
        onInput={(typed) => {
          setQuery(typed);
          if (draft !== null && typed !== draft.name) setDraft(null);
        }}
        onChoose={choose}
      />
      {problem !== null && <ListProblem code={problem} provider={way.provider} />}
      {draft !== null && template !== null && (
        <>
          {translations.length > 1 && (
            <label class="to">
              {text.templateLanguage}
              <select
                value={template.language}
                onChange={(event) => setDraft({ ...draft, language: event.currentTarget.value, values: {} })}
              >
                {translations.map((one) => (
                  <option key={one.language}>{one.language}</option>
                ))}
              </select>
            </label>
          )}
          <TemplateFields
            template={template}
            values={values}
            faults={hasTried ? faults : []}
            offered={variableValues(interaction, account, text)}
            onChange={(next) => setDraft({ ...draft, values: next })}
          />
          <FileList files={files} onChange={setFiles} />
          {fileFault !== undefined && <p class="problem">{text[`fault_${fileFault.code}`]}</p>}
          <TemplatePreview template={template} values={values} file={files[0] ?? null} />
        </>
      )}
      <div class="send">
        <button type="button" onClick={refresh}>
          {text.refreshTemplates}
        </button>
        {types !== null && (
          <label class="button">
            {text.templateFile}
            <input
              type="file"
              accept={types}
              class="unseen"
              onChange={(event) => {
                setFiles([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = '';
              }}
            />
          </label>
        )}
        <button type="submit" class="primary" disabled={template === null || isBusy}>
          {text.sendTemplate}
        </button>
      </div>
    </form>
  );
}

/** Why the templates cannot be shown. */
function ListProblem({ code, provider }: { readonly code: string; readonly provider: string }) {
  const text = useText();
  const language = useLanguage();
  return (
    <p class="problem" role="alert">
      {text.templatesFailed} {reasonText({ code, values: { provider } }, language) ?? text.templatesUnknown}
    </p>
  );
}

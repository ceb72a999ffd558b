import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../../src/domain/interaction/interaction.ts';
import { languageOf } from '../../../../../../src/domain/written/canned-answer.ts';
import { useLanguage, useText } from '../../../../i18n/language.tsx';
import { reasonText } from '../../../../i18n/reasons/text.ts';
import { phoneText } from '../../../../parts/format.ts';
import { write } from '../../../../session/api.ts';
import { useDesk } from '../../../../session/desk.tsx';
import type { Way } from '../../../../session/writing-api.ts';
import { DraftForm } from '../draft-form.tsx';
import { TemplateForm } from '../templates/template-form.tsx';
import { useTaken, useWays } from './use-ways.ts';
import { WindowNote } from './window-note.tsx';

interface WriteFirstProps {
  readonly interaction: Interaction;
  readonly version: string;
}

/** Writes to the party or its client by a messenger, wherever the service allows it. */
export function WriteFirst({ interaction, version }: WriteFirstProps) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="new-letter" aria-label={text.writeMessenger}>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {text.writeMessenger}
      </button>
      {isOpen && <Ways interaction={interaction} version={version} onSent={() => setOpen(false)} />}
    </section>
  );
}

function Ways({ interaction, version, onSent }: WriteFirstProps & { onSent(): void }) {
  const text = useText();
  const language = useLanguage();
  const { ways } = useWays(interaction.id, version);
  const [chosen, setChosen] = useState('');
  if (ways === null) return <p class="quiet">{text.waysLoading}</p>;
  // The conversation on this card has a form of its own.
  const elsewhere = ways.filter(({ thread }) => thread === null || thread !== interaction.thread);
  const possible = elsewhere.filter(({ takes }) => takes !== 'nothing');
  const others = elsewhere.filter(({ takes }) => takes === 'nothing');
  const way = possible.find((one) => idOf(one) === chosen) ?? possible[0];
  return (
    <>
      {elsewhere.length === 0 && <p class="quiet">{text.noOtherWays}</p>}
      {way !== undefined && (
        <>
          <label class="to">
            {text.wayTo}
            <select value={idOf(way)} onChange={(event) => setChosen(event.currentTarget.value)}>
              {possible.map((one) => (
                <option key={idOf(one)} value={idOf(one)}>
                  {nameOf(one)}
                  {one.takes === 'template' && ` – ${text.onlyTemplate}`}
                </option>
              ))}
            </select>
          </label>
          <ByWay key={idOf(way)} way={way} interaction={interaction} onSent={onSent} />
        </>
      )}
      {others.length > 0 && (
        <>
          <p class="quiet">{text.cannotWrite}</p>
          <ul class="plain quiet">
            {others.map((one) => (
              <li key={idOf(one)}>
                {nameOf(one)}:{' '}
                {(one.problemReason === null ? null : reasonText(one.problemReason, language)) ?? one.problem}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface ByWayProps {
  readonly way: Way;
  readonly interaction: Interaction;
  onSent(): void;
}

function ByWay({ way, interaction, onSent }: ByWayProps) {
  const text = useText();
  const { open } = useDesk();
  const taken = useTaken(way);
  const name = `first:${interaction.id}:${idOf(way)}`;
  const language = languageOf(interaction.text ?? '');
  const sent = (message: Interaction) => {
    onSent();
    open(message);
  };
  const to = way.interaction === null ? { to: way.phone ?? '' } : { interaction: way.interaction };
  return (
    <>
      <WindowNote way={way} taken={taken} />
      {taken === 'template' && (
        <TemplateForm name={name} way={way} interaction={interaction} language={language} onSent={sent} />
      )}
      {taken === 'text' && (
        <DraftForm
          name={name}
          label={text.messageText}
          subject={null}
          canned={{ interaction, channel: 'message', language }}
          send={(message) => write({ ...to, connection: way.connection, ...message })}
          onSent={sent}
        />
      )}
    </>
  );
}

function idOf({ connection, thread, phone }: Way): string {
  return `${connection} ${thread ?? phone ?? ''}`;
}

function nameOf({ provider, to, phone }: Way): string {
  if (to === null) return provider;
  return `${provider} · ${to === phone ? phoneText(to) : to}`;
}

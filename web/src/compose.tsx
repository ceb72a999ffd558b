import { useState } from 'preact/hooks';
import type { ClientCard } from '../../src/desk/protocol.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { replySubject } from '../../src/domain/written/written-contact.ts';
import { type OutgoingFile, write } from './api.ts';
import { useDraft } from './drafts.ts';
import type { Words } from './words/russian.ts';

/** All files of a letter together, in bytes: the server's own limit is on what they are in transit, a third more. */
const largestFiles = 25 * 1024 * 1024;
const mostFiles = 20;

interface DraftProps {
  readonly text: Words;
  onFailed(): void;
}

/** The answer to a contact, by the way it came: a letter has a subject and files, a message has words. */
export function Answer({ interaction, text, onFailed }: DraftProps & { readonly interaction: Interaction }) {
  const letter = interaction.channel === 'email';
  return (
    <Draft
      text={text}
      name={`answer:${interaction.id}`}
      label={text.answer}
      hint={text.answerHint}
      subject={letter ? (replySubject(interaction.subject) ?? '') : null}
      note={(interaction.participants ?? []).length > 0 ? text.answerGoesToOne : null}
      send={(draft) => write({ interaction: interaction.id, ...draft })}
      onFailed={onFailed}
    />
  );
}

/** A letter that begins a conversation with whom the card is about; nothing where no address is known. */
export function NewLetter(
  props: DraftProps & {
    readonly interaction: Interaction;
    readonly card: ClientCard | null;
    onSent(interaction: Interaction): void;
  },
) {
  const { interaction, card, text, onSent, onFailed } = props;
  const addresses = addressesOf(interaction, card);
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState(addresses[0] ?? '');
  if (addresses.length === 0) return null;
  const address = addresses.includes(to) ? to : (addresses[0] ?? '');
  return (
    <section class="new-letter" aria-label={text.newLetter}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {text.newLetter}
      </button>
      {open && (
        <>
          <label class="to">
            {text.to}
            <select aria-label={text.to} value={address} onChange={(event) => setTo(event.currentTarget.value)}>
              {addresses.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <Draft
            text={text}
            name={`letter:${interaction.id}`}
            label={text.letterText}
            subject=""
            send={(draft) => write({ to: address, ...draft })}
            onFailed={onFailed}
            onSent={(sent) => {
              setOpen(false);
              onSent(sent);
            }}
          />
        </>
      )}
    </section>
  );
}

/** Whom a letter can go to: who wrote, then the client's own addresses, then its people's. */
function addressesOf({ party }: Interaction, card: ClientCard | null): readonly string[] {
  const known = [...(card?.identifiers ?? []), ...(card?.contacts ?? []).flatMap((one) => one.identifiers)];
  const emails = known.filter(({ kind }) => kind === 'email').map(({ value }) => value);
  return [...new Set([...(party.email === null ? [] : [party.email]), ...emails])];
}

interface Written {
  readonly subject?: string;
  readonly text: string;
  readonly attachments?: readonly OutgoingFile[];
  readonly key: string;
}

function Draft(
  props: DraftProps & {
    /** What it is kept under while it is written. */
    readonly name: string;
    readonly label: string;
    readonly hint?: string;
    /** What is to be known before it is sent. */
    readonly note?: string | null;
    /** What the subject begins as; null where there is none, and then there are no files. */
    readonly subject: string | null;
    send(written: Written): Promise<Interaction>;
    onSent?(interaction: Interaction): void;
  },
) {
  const { text, label, onFailed } = props;
  const [draft, setDraft] = useDraft(`${props.name}:text`);
  const [subject, setSubject] = useDraft(`${props.name}:subject`, props.subject ?? '');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [busy, setBusy] = useState(false);
  // One key a draft: pressing twice, or again after a lost connection, sends one message.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const tooLarge = files.reduce((sum, file) => sum + file.size, 0) > largestFiles || files.length > mostFiles;
  const ready = draft.trim() !== '' && !busy && !tooLarge;
  const send = async () => {
    setBusy(true);
    try {
      const attachments = await Promise.all(files.map(outgoing));
      const letter = props.subject === null ? {} : { subject: subject.trim(), attachments };
      const sent = await props.send({ ...letter, text: draft.trim(), key });
      setDraft('');
      setSubject(props.subject ?? '');
      setFiles([]);
      setKey(crypto.randomUUID());
      props.onSent?.(sent);
    } catch {
      onFailed();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="answer"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void send();
      }}
    >
      {props.subject !== null && (
        <input
          aria-label={text.subject}
          placeholder={text.subject}
          maxLength={500}
          value={subject}
          onInput={(event) => setSubject(event.currentTarget.value)}
        />
      )}
      <textarea
        aria-label={label}
        rows={4}
        maxLength={100_000}
        placeholder={props.hint ?? ''}
        value={draft}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
        onInput={(event) => setDraft(event.currentTarget.value)}
      />
      {files.length > 0 && (
        <ul class="plain files">
          {files.map((file) => (
            <li key={`${file.name} ${file.size} ${file.lastModified}`}>
              {file.name}{' '}
              <button
                type="button"
                class="small"
                aria-label={`${text.takeAway}: ${file.name}`}
                onClick={() => setFiles(files.filter((one) => one !== file))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {tooLarge && (
        <p class="problem" role="alert">
          {text.filesTooLarge}
        </p>
      )}
      {props.note != null && <p class="quiet">{props.note}</p>}
      <div class="send">
        {props.subject !== null && (
          <label class="button">
            {text.attach}
            <input
              type="file"
              multiple
              class="unseen"
              onChange={(event) => {
                setFiles([...files, ...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = '';
              }}
            />
          </label>
        )}
        <button type="submit" class="primary" title="Ctrl+Enter" disabled={!ready}>
          {text.send}
        </button>
      </div>
    </form>
  );
}

/** A file as the API takes it. */
async function outgoing(file: File): Promise<OutgoingFile> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const mime = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
  return { name: file.name.slice(0, 255), mime, content: url.slice(url.indexOf(',') + 1) };
}

import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import type { OutgoingFile } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';
import { useDraft } from '../../../session/drafts.ts';
import { CannedText } from './canned/canned-text.tsx';
import type { CannedContext } from './canned/use-canned.ts';
import { addressesIn, areAddresses, CopyFields, useCopies } from './copies.tsx';
import { areTooLarge, encoded, FileList } from './files.tsx';

/** A message as the user has written it. */
export interface WrittenMessage {
  readonly subject?: string;
  readonly text: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly attachments?: readonly OutgoingFile[];
  readonly key: string;
}

interface DraftFormProps {
  /** The draft is kept under this name. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** The other recipients of the letter that is answered. */
  readonly others?: readonly string[];
  /** Whether files can be sent this way; by default they can. */
  readonly takesFiles?: boolean;
  /** What canned answers are about; by default none are offered. */
  readonly canned?: CannedContext | null;
  /** The subject at first; null for a message that has neither subject nor copies. */
  readonly subject: string | null;
  send(message: WrittenMessage): Promise<Interaction>;
  onSent?(interaction: Interaction): void;
}

/** A form for a letter or message, which is kept while it is unfinished. */
export function DraftForm({
  name,
  label,
  hint,
  others = [],
  takesFiles = true,
  canned = null,
  subject: subjectAtFirst,
  send,
  onSent,
}: DraftFormProps) {
  const text = useText();
  const { setFailed } = useDesk();
  const [draft, setDraft] = useDraft(`${name}:text`);
  const [subject, setSubject] = useDraft(`${name}:subject`, subjectAtFirst ?? '');
  const copies = useCopies(name);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isDropping, setDropping] = useState(false);
  const [isBusy, setBusy] = useState(false);
  // One key for each draft: a second press, or another attempt after a lost connection, sends nothing twice.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const isLetter = subjectAtFirst !== null;
  const hasContent = draft.trim() !== '' || (!isLetter && files.length > 0);
  const isReady = hasContent && !isBusy && !areTooLarge(files) && areAddresses(copies.cc) && areAddresses(copies.bcc);
  const submit = async () => {
    setBusy(true);
    try {
      const letter = isLetter
        ? { subject: subject.trim(), cc: addressesIn(copies.cc), bcc: addressesIn(copies.bcc) }
        : {};
      const attachments = await Promise.all(files.map(encoded));
      const sent = await send({ ...letter, text: draft.trim(), attachments, key });
      setDraft('');
      setSubject(subjectAtFirst ?? '');
      copies.setCc('');
      copies.setBcc('');
      setFiles([]);
      setKey(crypto.randomUUID());
      onSent?.(sent);
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class={isDropping ? 'answer dropping' : 'answer'}
      onDragOver={(event) => {
        if (!takesFiles || !event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        setDropping(false);
        if (!takesFiles || !event.dataTransfer?.files.length) return;
        event.preventDefault();
        setFiles([...files, ...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        const pasted = [...(event.clipboardData?.files ?? [])];
        if (!takesFiles || pasted.length === 0) return;
        event.preventDefault();
        setFiles([...files, ...pasted]);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void submit();
      }}
    >
      {isLetter && (
        <input
          aria-label={text.subject}
          placeholder={text.subject}
          maxLength={500}
          value={subject}
          onInput={(event) => setSubject(event.currentTarget.value)}
        />
      )}
      {isLetter && <CopyFields copies={copies} others={others} />}
      <CannedText
        label={label}
        hint={hint ?? ''}
        value={draft}
        context={canned}
        onChange={setDraft}
        // An answer keeps the subject of its conversation.
        onSubject={(next) => subjectAtFirst === '' && setSubject(next)}
      />
      <FileList files={files} onChange={setFiles} />
      <div class="send">
        {takesFiles && (
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
        <button type="submit" class="primary" title="Ctrl+Enter" disabled={!isReady}>
          {text.send}
        </button>
      </div>
    </form>
  );
}

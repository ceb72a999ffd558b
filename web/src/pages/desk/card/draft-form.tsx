import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import type { CannedAnswerView } from '../../../../../src/domain/written/canned-answer.ts';
import { useText } from '../../../i18n/language.tsx';
import { canRecord } from '../../../parts/voice/recorder.ts';
import type { OutgoingFile } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';
import { rememberSent, useDraft } from '../../../session/drafts.ts';
import { filesOf } from '../../../session/inbox-api.ts';
import type { CannedContext } from './canned/use-canned.ts';
import { addressesIn, areAddresses, CopyFields, useCopies } from './copies.tsx';
import { MessageField } from './editor/message-field.tsx';
import { htmlForMail } from './editor/plain-text.ts';
import { useMessageText } from './editor/use-message-text.ts';
import { areTooLarge, encoded, FileList, filesIn } from './files.tsx';
import { SendLater } from './send-later.tsx';
import { VoiceNote } from './voice-note.tsx';

/** A message as the user has written it. */
export interface WrittenMessage {
  readonly subject?: string;
  readonly text: string;
  /** The same with formatting. */
  readonly html?: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly attachments?: readonly OutgoingFile[];
  /** When to send it, RFC 3339; absent: as soon as it can no longer be taken back. */
  readonly sendAt?: string;
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
  /** Whether voice notes can be recorded for it. */
  readonly takesVoice?: boolean;
  /** Whether it says enough without words, such as a letter that is passed on. */
  readonly mayBeEmpty?: boolean;
  /** Whether everything outside the form is ready for sending. */
  readonly canSend?: boolean;
  /** What canned answers are about; by default none are offered. */
  readonly canned?: CannedContext | null;
  /** The subject at first; null for a message that has neither subject nor copies. */
  readonly subject: string | null;
  send(message: WrittenMessage): Promise<Interaction>;
  onSent?(interaction: Interaction): void;
  /** Called whenever the user changes the text. */
  onTyping?(): void;
}

/** A form for a letter or message, which is kept while it is unfinished. */
export function DraftForm({
  name,
  label,
  hint,
  others = [],
  takesFiles = true,
  takesVoice = false,
  mayBeEmpty = false,
  canSend = true,
  canned = null,
  subject: subjectAtFirst,
  send,
  onSent,
  onTyping,
}: DraftFormProps) {
  const text = useText();
  const { setFailed } = useDesk();
  const isLetter = subjectAtFirst !== null;
  const message = useMessageText(name, isLetter);
  const [subject, setSubject] = useDraft(`${name}:subject`, subjectAtFirst ?? '');
  const copies = useCopies(name);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isDropping, setDropping] = useState(false);
  const [isBusy, setBusy] = useState(false);
  // One key for each draft: a second press, or another attempt after a lost connection, sends nothing twice.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const hasContent = mayBeEmpty || message.text.trim() !== '' || (!isLetter && files.length > 0);
  const isReady =
    canSend && hasContent && !isBusy && !areTooLarge(files) && areAddresses(copies.cc) && areAddresses(copies.bcc);
  const changed: typeof message.change = (words, html) => {
    message.change(words, html);
    if (words.trim() !== '') onTyping?.();
  };
  /** Brings back what the form holds now, with its files. */
  const restoring = () => () => {
    message.replace(message.text, message.html);
    setSubject(subject);
    copies.setCc(copies.cc);
    copies.setBcc(copies.bcc);
    setFiles(files);
  };
  const attach = async (answer: CannedAnswerView) => {
    // Until they are here the message must not leave without them.
    setBusy(true);
    try {
      const added = await filesOf(answer);
      setFiles((before) => [...before, ...added]);
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  const submit = async (sendAt?: string) => {
    setBusy(true);
    try {
      const letter = isLetter
        ? { subject: subject.trim(), cc: addressesIn(copies.cc), bcc: addressesIn(copies.bcc) }
        : {};
      const attachments = await Promise.all(files.map(encoded));
      const later = sendAt === undefined ? {} : { sendAt };
      const { html } = message;
      const words = { text: message.text.trim(), ...(html !== '' && { html: htmlForMail(html) }) };
      const sent = await send({ ...letter, ...words, attachments, ...later, key });
      rememberSent(sent.id, restoring());
      message.replace('', '');
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
        const dropped = filesIn(event.dataTransfer);
        if (!takesFiles || dropped.length === 0) return;
        event.preventDefault();
        setFiles([...files, ...dropped]);
      }}
      onPaste={(event) => {
        const pasted = filesIn(event.clipboardData);
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
      <MessageField
        label={label}
        hint={hint ?? ''}
        message={{ ...message, change: changed }}
        isLetter={isLetter}
        context={canned}
        onInserted={({ subject: next, answer }) => {
          // An answer keeps the subject of its conversation.
          if (subjectAtFirst === '' && next !== null) setSubject(next);
          if (takesFiles && answer.files.length > 0) void attach(answer);
        }}
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
        {takesVoice && canRecord() && <VoiceNote onRecorded={(file) => setFiles((before) => [...before, file])} />}
        <SendLater isReady={isReady} onChoose={(sendAt) => void submit(sendAt)} />
        <button type="submit" class="primary" title="Ctrl+Enter" disabled={!isReady}>
          {text.send}
        </button>
      </div>
    </form>
  );
}

import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { languageOf } from '../../../../../src/domain/written/canned-answer.ts';
import { replySubject } from '../../../../../src/domain/written/written-contact.ts';
import { useText } from '../../../i18n/language.tsx';
import { RefusedError, write } from '../../../session/api.ts';
import { useTypingReport } from '../../../session/attention.ts';
import { DraftForm, type WrittenMessage } from './draft-form.tsx';
import { ChosenQuotation } from './quotation.tsx';
import { TemplateForm } from './templates/template-form.tsx';
import { useTaken, useWays } from './ways/use-ways.ts';
import { WindowNote } from './ways/window-note.tsx';

interface AnswerProps {
  readonly interaction: Interaction;
  /** What the client has written, to tell the language by. */
  readonly sample: string;
  /** Changes when anything in the conversation changes. */
  readonly version: string;
  /** The client's latest message; null for letters. */
  readonly asked: string | null;
  /** The message that the answer quotes; null if none was chosen. */
  readonly quoted: Interaction | null;
  onQuoted(message: Interaction | null): void;
}

/** The answer to a letter or message, sent by the channel that it came by. */
export function Answer(props: AnswerProps) {
  return props.interaction.channel === 'email' ? <FreeAnswer {...props} /> : <MessengerAnswer {...props} />;
}

/** An answer by a messenger, which may take free text only for some time. */
function MessengerAnswer(props: AnswerProps) {
  const { interaction, sample, version } = props;
  const text = useText();
  const { ways, refresh } = useWays(interaction.id, version);
  const way = ways?.find(({ thread }) => thread !== null && thread === interaction.thread) ?? null;
  const taken = useTaken(way);
  const [isOpen, setOpen] = useState(false);
  const showsTemplates = taken === 'template' || (way?.templates === true && isOpen);
  return (
    <>
      {way !== null && <WindowNote way={way} taken={taken} />}
      {taken === 'text' && <FreeAnswer {...props} onRefused={refresh} />}
      {taken === 'text' && way?.templates === true && (
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {text.template}
        </button>
      )}
      {showsTemplates && way !== null && (
        <TemplateForm
          name={`answer:${interaction.id}`}
          way={way}
          interaction={interaction}
          language={languageOf(sample)}
        />
      )}
    </>
  );
}

/** A letter, or a message of free words. */
function FreeAnswer({
  interaction,
  sample,
  asked,
  quoted,
  onQuoted,
  onRefused,
}: AnswerProps & { /** The service no longer takes free text. */ onRefused?(): void }) {
  const text = useText();
  const onTyping = useTypingReport(asked);
  // Viber fetches files from public addresses only, and ours need a login.
  const takesFiles = interaction.party.account?.kind !== 'viber';
  const answered = quoted === null ? { interaction: interaction.id } : { interaction: quoted.id, quote: true };
  const send = async (message: WrittenMessage) => {
    try {
      return await write({ ...answered, ...message });
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'windowClosed') onRefused?.();
      throw error;
    }
  };
  return (
    <>
      {quoted !== null && <ChosenQuotation of={quoted} onClear={() => onQuoted(null)} />}
      <DraftForm
        name={`answer:${interaction.id}`}
        label={text.answer}
        hint={text.answerHint}
        subject={interaction.channel === 'email' ? (replySubject(interaction.subject) ?? '') : null}
        takesFiles={takesFiles}
        takesVoice={interaction.channel === 'message' && takesFiles}
        others={interaction.participants.map(({ email }) => email)}
        canned={{
          interaction,
          channel: interaction.channel === 'email' ? 'email' : 'message',
          language: languageOf(sample),
        }}
        onTyping={onTyping}
        send={send}
        onSent={() => onQuoted(null)}
      />
    </>
  );
}

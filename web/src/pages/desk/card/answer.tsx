import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { languageOf } from '../../../../../src/domain/written/canned-answer.ts';
import { replySubject } from '../../../../../src/domain/written/written-contact.ts';
import { useText } from '../../../i18n/language.tsx';
import { write } from '../../../session/api.ts';
import { useTypingReport } from '../../../session/attention.ts';
import { DraftForm } from './draft-form.tsx';
import { ChosenQuotation } from './quotation.tsx';

interface AnswerProps {
  readonly interaction: Interaction;
  /** What the client has written, to tell the language by. */
  readonly sample: string;
  /** The client's latest message; null for letters. */
  readonly asked: string | null;
  /** The message that the answer quotes; null if none was chosen. */
  readonly quoted: Interaction | null;
  onQuoted(message: Interaction | null): void;
}

/** The answer to a letter or message, sent by the channel that it came by. */
export function Answer({ interaction, sample, asked, quoted, onQuoted }: AnswerProps) {
  const text = useText();
  const onTyping = useTypingReport(asked);
  // Viber fetches files from public addresses only, and ours need a login.
  const takesFiles = interaction.party.account?.kind !== 'viber';
  const answered = quoted === null ? { interaction: interaction.id } : { interaction: quoted.id, quote: true };
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
        send={(message) => write({ ...answered, ...message })}
        onSent={() => onQuoted(null)}
      />
    </>
  );
}

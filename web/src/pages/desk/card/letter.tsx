import type { Interaction, Participant } from '../../../../../src/domain/interaction/interaction.ts';
import { useLanguage, useText } from '../../../i18n/language.tsx';
import { maySendAgain, problemText, saidOf } from '../../../i18n/reasons/text.ts';
import { DocsLink } from '../../../parts/docs-link.tsx';
import { useSession } from '../../../session/account.tsx';
import { sendAgain } from '../../../session/api.ts';
import { useMoment } from '../../../session/clock.tsx';
import { useDesk } from '../../../session/desk.tsx';
import { stateClass, stateText } from '../../../state-text.ts';
import { Attachments } from './attachments.tsx';
import { DeletedMark, DeletedWords, deletedFiles } from './deleted-parts.tsx';
import { Edits } from './edits.tsx';
import { Forward } from './forward.tsx';
import { LetterText } from './letter-text.tsx';
import { Postponed } from './postponed.tsx';
import { letterElement, Quotation } from './quotation.tsx';

interface LetterProps {
  readonly letter: Interaction;
  /** Whether it is the one whose card is open. */
  readonly isFront: boolean;
  /** The message that it answers, if that is shown. */
  readonly quoted: Interaction | null;
  onTakenBack(): void;
  /** Chooses it for the answer to quote; null if it can't be quoted. */
  readonly onQuote: (() => void) | null;
}

/** One letter, message or form of a conversation. */
export function Letter({ letter, isFront, quoted, onTakenBack, onQuote }: LetterProps) {
  const text = useText();
  const { direction, deletedAt, subject, participants, attachments } = letter;
  const side = direction === 'outbound' ? 'ours' : 'theirs';
  return (
    <li
      id={letterElement(letter.id)}
      tabIndex={-1}
      class={`letter ${side} ${stateClass(letter)} ${deletedAt == null ? '' : 'deleted'}`}
    >
      <About letter={letter} />
      {quoted !== null && <Quotation of={quoted} />}
      {(participants ?? []).length > 0 && (
        <p class="quiet">
          {text.copyTo} {participants.map(participantText).join(', ')}
        </p>
      )}
      {subject !== null && <p class="subject">{subject}</p>}
      <LetterText letter={letter} open={isFront} />
      <Edits edits={letter.edits} />
      <DeletedWords message={letter} />
      {attachments.length > 0 && <Attachments files={attachments} deleted={deletedFiles(letter)} />}
      {onQuote !== null && (
        <button type="button" class="link-like" onClick={onQuote}>
          {text.quoteIt}
        </button>
      )}
      {letter.channel === 'email' && <Forward letter={letter} />}
      {direction === 'outbound' && <Postponed message={letter} onTakenBack={onTakenBack} />}
      {letter.problem !== null && <SendingProblem letter={letter} />}
    </li>
  );
}

function About({ letter }: { readonly letter: Interaction }) {
  const text = useText();
  const moment = useMoment();
  const { direction, handledBy, party, startedAt, parts, deletedAt, automatic } = letter;
  const isPartlyDeleted = deletedAt === null && parts.some((part) => part.deletedAt !== null);
  const isOurs = direction === 'outbound';
  const author = isOurs ? (handledBy?.name ?? text.ours) : (party.name ?? party.email ?? text.them);
  return (
    <p class="about">
      <b>{author}</b> <time dateTime={startedAt}>{moment(startedAt)}</time>
      {isOurs && <span class="chip">{stateText(letter, text)}</span>}
      {deletedAt != null && <DeletedMark at={deletedAt} />}
      {isPartlyDeleted && <span class="chip">{text.partlyDeleted}</span>}
      {automatic !== null && <span class="chip">{text[automatic]}</span>}
    </p>
  );
}

function SendingProblem({ letter }: { readonly letter: Interaction }) {
  const text = useText();
  const language = useLanguage();
  const { manager } = useSession();
  const { setFailed } = useDesk();
  const canResend = manager !== null && letter.direction === 'outbound' && maySendAgain(letter);
  return (
    <p class="problem" title={saidOf(letter.problemReason)}>
      {problemText(letter, language)}
      <DocsLink reason={letter.problemReason} />
      {canResend && (
        <button type="button" class="small" onClick={() => sendAgain(letter.id).catch(() => setFailed(true))}>
          {text.sendAgain}
        </button>
      )}
    </p>
  );
}

function participantText({ email, name, client }: Participant): string {
  const who = name === null ? email : `${name} <${email}>`;
  return client === null ? who : `${who} (${client.name})`;
}

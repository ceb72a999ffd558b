import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Interaction, Participant } from '../../src/domain/interaction/interaction.ts';
import { conversation, sendAgain } from './api.ts';
import { Answer } from './compose.tsx';
import { ConversationActs, Handovers } from './conversation-acts.tsx';
import { momentText, sizeText } from './format.ts';
import { maySendAgain, problemText, saidOf } from './i18n/reasons/text.ts';
import { LetterText } from './letter.tsx';
import { stateText } from './state-text.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface ConversationProps {
  /** The contact whose card is open. */
  readonly interaction: Interaction;
  /** Changes when anything of the conversation has changed. */
  readonly version: string;
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  readonly timezone: string;
  /** Whether the viewer is a manager, who can answer. */
  readonly canAnswer: boolean;
  onFailed(): void;
}

/** What was written to and fro, oldest first, and the answer that the operator writes now. */
export function Conversation(props: ConversationProps) {
  const { interaction, version, text, canAnswer, onFailed } = props;
  const [letters, setLetters] = useState<readonly Interaction[]>([interaction]);
  const { thread } = interaction;
  useEffect(() => {
    if (thread === null) return setLetters([interaction]);
    conversation(thread).then(setLetters, () => setLetters([interaction]));
  }, [thread, version]);
  const answerable = interaction.channel === 'email' || interaction.channel === 'message';
  return (
    <section class="conversation" aria-label={text.conversation}>
      <h2>{text.conversation}</h2>
      <ol class="plain">
        {letters.map((letter) => (
          <Fragment key={letter.id}>
            <Letter letter={letter} {...props} />
            <Handovers contact={letter} text={text} />
          </Fragment>
        ))}
      </ol>
      {canAnswer && <ConversationActs latest={letters.at(-1) ?? interaction} {...{ text, onFailed }} />}
      {canAnswer && answerable && <Answer key={interaction.id} {...{ interaction, text, onFailed }} />}
    </section>
  );
}

function Letter(props: ConversationProps & { readonly letter: Interaction }) {
  const { interaction, letter, text, language, now, timezone, canAnswer, onFailed } = props;
  const ours = letter.direction === 'outbound';
  const who = ours ? (letter.handledBy?.name ?? text.ours) : (letter.party.name ?? letter.party.email ?? text.them);
  return (
    <li class={`letter ${ours ? 'ours' : 'theirs'} ${letter.state} ${letter.deletedAt == null ? '' : 'deleted'}`}>
      <p class="about">
        <b>{who}</b> <time dateTime={letter.startedAt}>{momentText(letter.startedAt, language, now, timezone)}</time>
        {ours && <span class="chip">{stateText(letter.state, text, letter.channel)}</span>}
        {letter.deletedAt != null && (
          <span class="chip" title={momentText(letter.deletedAt, language, now, timezone)}>
            {text.deletedByWriter}
          </span>
        )}
        {letter.automatic !== null && <span class="chip">{text[letter.automatic]}</span>}
      </p>
      {(letter.participants ?? []).length > 0 && (
        <p class="quiet">
          {text.copyTo} {letter.participants.map(participantText).join(', ')}
        </p>
      )}
      {letter.subject !== null && <p class="subject">{letter.subject}</p>}
      <LetterText letter={letter} open={letter.id === interaction.id} {...{ text, language }} />
      {letter.attachments.length > 0 && (
        <ul class="plain files">
          {letter.attachments.map((file) => (
            <li key={file.id}>
              <a href={`/api/v1/attachments/${file.id}`} target="_blank" rel="noreferrer">
                {file.name}
              </a>{' '}
              <span class="quiet">{sizeText(file.bytes, language)}</span>
            </li>
          ))}
        </ul>
      )}
      {letter.problem !== null && (
        <p class="problem" title={saidOf(letter.problemReason)}>
          {problemText(letter, language)}
          {canAnswer && ours && maySendAgain(letter) && (
            <button type="button" class="small" onClick={() => sendAgain(letter.id).catch(onFailed)}>
              {text.sendAgain}
            </button>
          )}
        </p>
      )}
    </li>
  );
}

function participantText({ email, name, client }: Participant): string {
  const who = name === null ? email : `${name} <${email}>`;
  return client === null ? who : `${who} (${client.name})`;
}

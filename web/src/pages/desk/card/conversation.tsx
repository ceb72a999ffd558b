import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { canBeQuoted } from '../../../../../src/domain/written/quotable.ts';
import { useText } from '../../../i18n/language.tsx';
import { useSession } from '../../../session/account.tsx';
import { conversation, letterHtml } from '../../../session/api.ts';
import { useOpened } from '../../../session/attention.ts';
import { useClientTyping, useConversationChanges } from '../../../session/conversation-news.ts';
import { keepDraft, restoreSent } from '../../../session/drafts.ts';
import { isTakenBack } from '../../../state-text.ts';
import { Answer } from './answer.tsx';
import { ConversationActs, Handovers } from './conversation-acts.tsx';
import { Letter } from './letter.tsx';
import { quotedIn } from './quoted-in.ts';

interface ConversationProps {
  /** The interaction whose card is open. */
  readonly interaction: Interaction;
  /** Changes when the desk learns of a change in the conversation. */
  readonly version: string;
}

/** A conversation, oldest message first, and the form for an answer. */
export function Conversation({ interaction, version: own }: ConversationProps) {
  const text = useText();
  const { manager } = useSession();
  const [letters, setLetters] = useState<readonly Interaction[]>([interaction]);
  const { id, thread, channel } = interaction;
  const version = `${own} ${useConversationChanges(thread)}`;
  useEffect(() => {
    if (thread === null) return setLetters([interaction]);
    conversation(thread).then(setLetters, () => setLetters([interaction]));
  }, [thread, version]);
  // Forms read their drafts when they appear.
  const [form, setForm] = useState(0);
  const takenBack = async (letter: Interaction) => {
    if (restoreSent(letter.id)) return;
    const html = letter.html?.styled === true ? await letterHtml(letter.id).catch(() => '') : '';
    keepDraft(`answer:${id}`, { text: letter.text ?? '', html });
    setForm(form + 1);
  };
  const [quoted, setQuoted] = useState<Interaction | null>(null);
  // What was taken back before it left is a draft again, and no part of the conversation.
  const shown = letters.filter((letter) => !isTakenBack(letter));
  const asked = letters.findLast((one) => one.direction === 'inbound' && one.channel === 'message') ?? null;
  const isTyping = useClientTyping(thread, version);
  useOpened(asked?.id ?? null);
  const canAnswer = manager !== null && (channel === 'email' || channel === 'message');
  return (
    <section class="conversation" aria-label={text.conversation}>
      <h2>{text.conversation}</h2>
      <ol class="plain">
        {shown.map((letter) => (
          <Fragment key={letter.id}>
            <Letter
              letter={letter}
              quoted={quotedIn(shown, letter)}
              isFront={letter.id === id}
              onTakenBack={() => void takenBack(letter)}
              onQuote={canAnswer && canBeQuoted(letter) ? () => setQuoted(letter) : null}
            />
            <Handovers contact={letter} />
          </Fragment>
        ))}
      </ol>
      <p class="typing quiet" role="status">
        {isTyping && text.clientTyping}
      </p>
      {manager !== null && <ConversationActs latest={letters.at(-1) ?? interaction} />}
      {canAnswer && (
        <Answer
          key={`${id} ${form}`}
          interaction={interaction}
          sample={wordsOf(letters)}
          version={version}
          asked={asked?.id ?? null}
          quoted={quoted}
          onQuoted={setQuoted}
        />
      )}
    </section>
  );
}

/** What the client wrote, the latest first. */
function wordsOf(letters: readonly Interaction[]): string {
  const theirs = letters.filter(({ direction }) => direction === 'inbound').reverse();
  return theirs.map(({ text }) => text ?? '').join(' ');
}

import { useEffect, useState } from 'preact/hooks';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { callerText } from './alerts.ts';
import { writtenTo } from './api.ts';
import { momentText } from './format.ts';
import { hasFailed, isWaiting, openConversations, wantsSomething } from './open-conversations.ts';
import { channelSign } from './owed.tsx';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface InboxProps {
  readonly manager: string | null;
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  readonly timezone: string;
  onOpen(interaction: Interaction): void;
}

/** News that come close together are read in one go; in milliseconds. */
const pause = 300;
const news = new EventTarget();

/** The server told that a letter or message has come or changed. */
export function conversationsChanged(): void {
  news.dispatchEvent(new Event('changed'));
}

/** This manager's open conversations, those that wait for an answer first; each shows its latest contact. */
export function Inbox({ manager, text, language, now, timezone, onOpen }: InboxProps) {
  const [shown, setShown] = useState<readonly Interaction[]>([]);
  useEffect(() => {
    if (manager === null) return;
    let timer: number | undefined;
    const read = () =>
      writtenTo(manager).then(
        (found) => setShown(openConversations(found, manager)),
        () => {},
      );
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(read, pause);
    };
    news.addEventListener('changed', soon);
    void read();
    return () => {
      clearTimeout(timer);
      news.removeEventListener('changed', soon);
    };
  }, [manager]);
  if (shown.length === 0) return null;
  return (
    <section class="owed" aria-label={text.inbox}>
      <h2>
        {text.inbox} <span class="count">{shown.length}</span>
      </h2>
      <ul class="list">
        {shown.map((latest) => (
          <li key={latest.thread ?? latest.id} class={wantsSomething(latest) ? 'item late' : 'item'}>
            <button type="button" class="row" onClick={() => onOpen(latest)}>
              <span class="arrow" role="img" aria-label={text[latest.channel]}>
                {channelSign[latest.channel]}
              </span>
              <span class="name">{callerText(latest, text)}</span>
              <time dateTime={latest.startedAt}>{momentText(latest.startedAt, language, now, timezone)}</time>
              <span class="detail">
                {isWaiting(latest) ? `${text.waitsForAnswer} · ` : ''}
                {hasFailed(latest) ? `${text.notSent} · ` : ''}
                {(latest.subject ?? latest.text ?? '').slice(0, 80)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

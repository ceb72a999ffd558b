import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../i18n/language.tsx';
import { callerText } from '../../parts/alerts.ts';
import { channelSign } from '../../parts/channel-sign.ts';
import { useSession } from '../../session/account.tsx';
import { writtenTo } from '../../session/api.ts';
import { useMoment } from '../../session/clock.tsx';
import { useDesk } from '../../session/desk.tsx';
import { useNews } from '../../session/news.ts';
import { hasFailed, isWaiting, needsAttention, openConversations } from './open-conversations.ts';

/** This manager's open conversations, each by its latest message. Those that wait for an answer come first. */
export function Inbox() {
  const text = useText();
  const moment = useMoment();
  const { manager } = useSession();
  const { open } = useDesk();
  const [shown, setShown] = useState<readonly Interaction[]>([]);
  useNews('conversations', () => {
    if (manager === null) return;
    writtenTo(manager).then(
      (found) => setShown(openConversations(found, manager)),
      () => {},
    );
  }, [manager]);
  if (shown.length === 0) return null;
  return (
    <section class="owed" aria-label={text.inbox}>
      <h2>
        {text.inbox} <span class="count">{shown.length}</span>
      </h2>
      <ul class="list">
        {shown.map((latest) => (
          <li key={latest.thread ?? latest.id} class={needsAttention(latest) ? 'item late' : 'item'}>
            <button type="button" class="row" onClick={() => open(latest)}>
              <span class="arrow" role="img" aria-label={text[latest.channel]}>
                {channelSign[latest.channel]}
              </span>
              <span class="name">{callerText(latest, text)}</span>
              <time dateTime={latest.startedAt}>{moment(latest.startedAt)}</time>
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

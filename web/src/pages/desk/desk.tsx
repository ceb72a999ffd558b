import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useText } from '../../i18n/language.tsx';
import { useSession } from '../../session/account.tsx';
import { addresses, interactionAt } from '../../session/addresses.ts';
import { useDesk } from '../../session/desk.tsx';
import { liveCall } from '../../session/desk-state.ts';
import { FollowUps } from '../owed/follow-ups.tsx';
import { Card } from './card/card.tsx';
import { Colleagues } from './colleagues.tsx';
import { Empty } from './empty.tsx';
import { Inbox } from './inbox.tsx';
import { Tabs } from './tabs.tsx';
import { Today } from './today.tsx';

/** The operator's page: open cards, and beside them tasks, conversations, calls and colleagues. */
export function DeskPage() {
  const text = useText();
  const { front } = useDesk();
  return (
    <main class="desk" id="content">
      {/* A card has a heading of its own. */}
      {front === null && <h1 class="announce">{text.title}</h1>}
      <section class="calls" aria-label={text.title}>
        <Tabs />
        <Front />
      </section>
      <aside>
        <FollowUps />
        <Inbox />
        <Today />
        <Colleagues />
      </aside>
    </main>
  );
}

/** The card that the address names. Without one: the call under way, or that nobody calls. */
function Front() {
  const text = useText();
  const { path, route } = useLocation();
  const { manager } = useSession();
  const { front, state } = useDesk();
  const id = interactionAt(path);
  const live = id === null ? liveCall(state.cards, manager) : null;
  useEffect(() => {
    if (live !== null) route(addresses.interaction(live.id), true);
  }, [live?.id]);
  if (front !== null) return <Card key={front.interaction.id} {...front} />;
  if (id !== null) return <Loading key={id} id={id} />;
  return live === null ? <Empty /> : <p aria-busy="true">{text.loading}</p>;
}

/** Loads the interaction of an address that was opened by a link, a reload or Back. */
function Loading({ id }: { readonly id: string }) {
  const text = useText();
  const { load } = useDesk();
  const [problem, setProblem] = useState<'noSuchContact' | 'failed' | null>(null);
  useEffect(() => {
    load(id).then(
      (found) => found || setProblem('noSuchContact'),
      () => setProblem('failed'),
    );
  }, [id]);
  return problem === null ? (
    <p aria-busy="true">{text.loading}</p>
  ) : (
    <div class="empty" role="alert">
      <h2>{text[problem]}</h2>
      <p>
        <a href={addresses.desk}>{text.toDesk}</a>
      </p>
    </div>
  );
}

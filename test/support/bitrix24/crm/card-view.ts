import type { PortalCore } from '../core.ts';
import type { Activity, CardLink, StatisticsRow, TimelineComment, Trace } from '../state.ts';
import type { Card } from './card-store.ts';

/** A card as a user of the portal sees it. */
export interface CardView {
  readonly fields: Card;
  readonly activities: readonly Activity[];
  readonly comments: readonly TimelineComment[];
  readonly calls: readonly StatisticsRow[];
  readonly traces: readonly Trace[];
}

/** A card with all that stands on it; null if there is none. */
export function cardView({ cards, state }: PortalCore, link: CardLink): CardView | null {
  const fields = cards[link.kind].get(link.id);
  if (fields === null) return null;
  const isThis = ({ kind, id }: CardLink) => kind === link.kind && id === link.id;
  return {
    fields,
    activities: [...state.activities.values()].filter(({ bindings }) => bindings.some(isThis)),
    comments: [...state.comments.values()].filter(({ bindings }) => bindings.some(isThis)),
    calls: [...state.statistics.values()].filter(({ card }) => card !== null && isThis(card)),
    traces: state.traces.filter((trace) => trace.cards.some(isThis)),
  };
}

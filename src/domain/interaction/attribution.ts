import type { Line } from '../directory/manager.ts';
import type { Attribution } from './interaction.ts';

/** Nothing is known of where it came from. */
export const noMarks: Attribution = {
  source: null,
  medium: null,
  campaign: null,
  content: null,
  term: null,
  page: null,
  referrer: null,
  ids: {},
};

/** Where a contact came from: what the visit tells; what it doesn't say of source, medium and campaign, the line's own marks do. Null where neither says anything. */
export function withLineMarks(visit: Attribution | null, line: Line['attribution'] | null): Attribution | null {
  const own = line ?? { source: null, medium: null, campaign: null };
  const ownSays = (own.source ?? own.medium ?? own.campaign) !== null;
  if (visit === null) return ownSays ? { ...noMarks, ...own } : null;
  const visitSays = (visit.source ?? visit.medium ?? visit.campaign) !== null;
  return visitSays ? visit : { ...visit, ...own };
}

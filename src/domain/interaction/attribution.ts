import type { Line } from '../directory/manager.ts';
import type { Attribution } from './interaction.ts';

/** An empty attribution. */
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

/** A contact's attribution: that of the visit, with source, medium and campaign of the line as defaults. Null if both are empty. */
export function withLineMarks(visit: Attribution | null, line: Line['attribution'] | null): Attribution | null {
  const own = line ?? { source: null, medium: null, campaign: null };
  const hasLineMarks = (own.source ?? own.medium ?? own.campaign) !== null;
  if (visit === null) return hasLineMarks ? { ...noMarks, ...own } : null;
  const hasVisitMarks = (visit.source ?? visit.medium ?? visit.campaign) !== null;
  return hasVisitMarks ? visit : { ...visit, ...own };
}

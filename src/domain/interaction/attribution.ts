import type { Line } from '../directory/manager.ts';
import type { Attribution } from './interaction.ts';

/** An attribution without any mark. */
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

/** A contact's attribution: the marks of the visit, with source, medium and campaign of the line as defaults. Null if there are none. */
export function withLineMarks(visit: Attribution | null, line: Line['attribution'] | null): Attribution | null {
  const own = line ?? { source: null, medium: null, campaign: null };
  const ownSays = (own.source ?? own.medium ?? own.campaign) !== null;
  if (visit === null) return ownSays ? { ...noMarks, ...own } : null;
  const visitSays = (visit.source ?? visit.medium ?? visit.campaign) !== null;
  return visitSays ? visit : { ...visit, ...own };
}

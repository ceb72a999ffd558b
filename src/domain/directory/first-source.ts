import type { IdentifierHit } from './client.ts';

/** Keeps the clients of the first source that has the identifier. Clients without a source are always kept. */
export function ofFirstSource(hits: readonly IdentifierHit[], sources: readonly string[]): readonly IdentifierHit[] {
  if (sources.length < 2 || hits.length < 2) return hits;
  const rank = ({ client: { id } }: IdentifierHit) => sources.indexOf(id.slice(0, Math.max(0, id.indexOf(':'))));
  const first = Math.min(...hits.map(rank).filter((one) => one >= 0));
  return hits.filter((hit) => rank(hit) <= first);
}

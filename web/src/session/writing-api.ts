import type { Reason } from '../../../src/domain/base/reason.ts';
import type { MessageTemplate } from '../../../src/domain/outbound/template.ts';
import type { Way as DomainWay } from '../../../src/domain/outbound/ways.ts';
import { call, type Listing } from './api.ts';

/** A way to write by a messenger, or why there is none. */
export interface Way extends Omit<DomainWay, 'until' | 'reason'> {
  /** Until when the service takes free text, RFC 3339; null: always, or not now. */
  readonly until: string | null;
  readonly problem: string | null;
  readonly problemReason: Reason | null;
}

/** The ways to write to the party of an interaction, or to its client. */
export const waysFrom = async (id: string) => (await call<Listing<Way>>(`/interactions/${id}/ways`)).items;

/** The approved templates of a connection. `isFresh`: read from the service now. */
export const messageTemplates = async (connection: string, isFresh: boolean) => {
  const query = new URLSearchParams({ connection, ...(isFresh && { fresh: 'true' }) });
  return (await call<Listing<MessageTemplate>>(`/templates?${query}`)).items;
};

import type { AuditEntry } from '../domain/access/audit.ts';
import { type ClientId, type InteractionId, newInteractionId } from '../domain/base/ids.ts';
import type { Decision } from '../domain/ports/contact-writes.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write } from '../domain/ports/writes.ts';
import type { ClientMessage } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** A desk's decision about an interaction. */
export type Decide = Exclude<ClientMessage, { type: 'resume' | 'command' | 'opened' | 'typing' }>;

/** Why the viewer may not decide this (the interaction or the client is not visible to them), or null. */
export async function refusalOf(
  message: Decide,
  { view }: Viewer,
  reader: Pick<Store['read'], 'under'>,
): Promise<string | null> {
  if (view === null) return null;
  const read = reader.under(view);
  const interaction = await read.interaction(message.interaction as InteractionId);
  if (interaction === null) return `no interaction ${message.interaction}`;
  if (message.type !== 'choose' || message.client === null) return null;
  const isCandidate = interaction.match.candidates.some(({ client }) => client.id === message.client);
  const known = isCandidate || (await read.client(message.client as ClientId)) !== null;
  return known ? null : 'there is no client with this id';
}

/** The audit entry of a client's card that was shown. */
export function cardEntry({ whose }: Viewer, client: ClientId, at: number): Write {
  return auditWrite(whose, at, { action: 'read-client', what: 'desk pop', subject: client });
}

/** The writes of a decision: the decision itself and its audit entry. */
export function decisionWrites(message: Decide, { by, whose }: Viewer, at: number): readonly Write[] {
  const { type, interaction } = message;
  return [
    { op: 'decide', id: interaction as InteractionId, ifRevision: null, by, decision: decisionOf(message), at },
    auditWrite(whose, at, { action: 'change', what: `desk ${type}`, subject: interaction }),
  ];
}

/** The write of an audit entry about a viewer. */
export function auditWrite(
  [who = '']: Viewer['whose'],
  at: number,
  said: Pick<AuditEntry, 'action' | 'what' | 'subject'>,
): Write {
  return { op: 'audit', entry: { id: newInteractionId(at), at, who, ...said, count: null, address: null } };
}

function decisionOf(message: Decide): Decision {
  switch (message.type) {
    case 'choose': {
      const client = message.client as ClientId | null;
      return message.contact === undefined ? { client } : { client, contact: message.contact };
    }
    case 'note':
      return { note: message.text };
    case 'disposition':
      return { disposition: message.value };
    case 'suggestion': {
      const { kind, value, state } = message;
      return { suggestion: { kind, value, state } };
    }
  }
}

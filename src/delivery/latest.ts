import type { ClientId, InteractionId } from '../domain/base/ids.ts';
import type { Owed } from '../domain/delivery/delivery.ts';
import type { DeliverySubject } from '../domain/delivery/destination.ts';
import type { Store } from '../domain/ports/store.ts';

/** The current state of a subject. */
export interface LatestState {
  readonly subject: DeliverySubject;
  readonly revision: number;
}

/** The current state of a subject to deliver. Null if it no longer exists, or if an erased client exists again. */
export async function latestOf(
  { kind, subject: id, revision }: Owed,
  read: Pick<Store['read'], 'interaction' | 'lead' | 'task' | 'client'>,
): Promise<LatestState | null> {
  switch (kind) {
    case 'interaction': {
      const interaction = await read.interaction(id as InteractionId);
      return interaction === null ? null : { subject: { kind, interaction }, revision: interaction.revision };
    }
    case 'lead': {
      const lead = await read.lead(id);
      return lead === null ? null : { subject: { kind, lead }, revision: lead.revision };
    }
    case 'task': {
      const task = await read.task(id);
      return task === null ? null : { subject: { kind, task }, revision: task.revision };
    }
    case 'client_erasure': {
      const client = id as ClientId;
      return (await read.client(client)) === null ? { subject: { kind, client }, revision } : null;
    }
  }
}

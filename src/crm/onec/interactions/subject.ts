import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { guid, quoted, referenceOf, typeName } from '../api/literals.ts';
import { relatedFilter, relatedSets } from '../directory/reading.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { Attempt } from './attempt.ts';
import { pointing } from './attributes.ts';
import { clientOf } from './participants.ts';
import type { PlannedRecord, Pointer } from './planned.ts';

const set = 'InformationRegister_ПредметыПапкиВзаимодействий';

/**
 * The record that says what an interaction is about, and whether it was dealt with. Null if the base does not
 * publish the register. The subject of a client stays what it was at first: deals are closed, and contacts about them are not.
 */
export async function subjectRecord(
  document: Pointer,
  mapping: Mapping,
  attempt: Attempt,
): Promise<PlannedRecord | null> {
  if (!mapping.hasSet(set)) return null;
  const { contact, known, options } = attempt;
  const subject = await keptSubject(mapping, attempt);
  const isUsed = await known.usesConsidered(options);
  return {
    name: 'about',
    set,
    key: { Взаимодействие: quoted(document.key), Взаимодействие_Type: quoted(typeName(document.set)) },
    dimensions: pointing('Взаимодействие', document),
    fields: {
      ...pointing('Предмет', subject),
      ...(isUsed && { Рассмотрено: isConsidered(contact) }),
    },
  };
}

/** Whether nothing is left to do: what we sent, what was answered, what no human wrote. */
export function isConsidered(contact: Interaction): boolean {
  const { channel, direction, state, answeredAt, automatic, closed } = contact;
  if (direction === 'outbound' || channel === 'meeting' || automatic !== null) return true;
  return channel === 'call' ? state === 'answered' : answeredAt !== null || closed !== null;
}

async function keptSubject(mapping: Mapping, attempt: Attempt): Promise<Pointer | null> {
  const { contact, ledger, parts } = attempt;
  const client = clientOf(parts.context.name, contact);
  if (client === null) return null;
  const name = `deal ${client.role}-${client.key}`;
  const remote = await ledger.once({
    name,
    call: async () => {
      const deal = await singleDeal(mapping, attempt);
      return deal === null ? null : `${deal.set} ${deal.key}`;
    },
    settle: async () => ({ done: false }),
  });
  const [dealSet = '', key = ''] = (remote ?? '').split(' ');
  return referenceOf(key) === null ? null : { set: dealSet, key };
}

/** The client's open deal, if there is exactly one. */
async function singleDeal(mapping: Mapping, { contact, parts, options }: Attempt): Promise<Pointer | null> {
  const client = clientOf(parts.context.name, contact);
  const clients = mapping.preset.clients.find(({ role }) => role === client?.role);
  const deals = clients === undefined ? undefined : relatedSets(clients, mapping).find(({ role }) => role === 'deal');
  if (client === null || deals === undefined) return null;
  const filter = `${deals.owner}_Key eq ${guid(client.key)} and ${relatedFilter(deals)}`;
  const found = await parts.base.list(deals.set, { select: ['Ref_Key'], filter, top: 2 }, options);
  const key = found.length === 1 ? referenceOf(found[0]?.Ref_Key) : null;
  return key === null ? null : { set: deals.set, key };
}

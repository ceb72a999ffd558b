import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import { type Interaction, isLive, type Link } from '../../../domain/interaction/interaction.ts';
import { referenceText, webLink } from '../directory/reference.ts';
import { keepLead } from '../leads/keep-lead.ts';
import { leadSet } from '../leads/lead-fields.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { Attempt } from './attempt.ts';
import { keepDocument, removeDocument } from './keep-document.ts';
import { keepRecord } from './keep-record.ts';
import { onecOwner } from './owner.ts';
import { clientOf, participantsOf } from './participants.ts';
import { kindOf, kindOfSet } from './plan.ts';
import type { DocumentKind } from './planned.ts';
import { isConsidered, subjectRecord } from './subject.ts';
import { toldSet } from './told.ts';

/**
 * Records a contact as the configuration's own document, and keeps that like the contact: changed, moved to another
 * client, or marked for deletion. Rejects with a ServiceError.
 */
export async function deliverInteraction(attempt: Attempt): Promise<AttemptResult> {
  const { contact, ledger, parts, options } = attempt;
  const steps = await ledger.steps();
  const set = toldSet(steps);
  if (set === null && !hasHappened(contact)) return done(null);
  // One that is begun stays of its kind.
  const kind = set === null ? kindOf(contact, await parts.metadata.mapping(options.signal)) : kindOfSet(set);
  if (kind === null) return done(null);
  return parts.metadata.using(options.signal, ['users', kind.purpose], async (mapping) => {
    if (contact.mergedInto === null) return done(await keep(kind, mapping, attempt));
    await removeDocument(kind, attempt);
    return done(null);
  });
}

function done(link: Link | null): AttemptResult {
  return { kind: 'done', link };
}

/**
 * Whether there is something to record. 1C gets a call when it is over; what waits to be sent or never left, and what
 * belongs to another contact, is none.
 */
function hasHappened({ channel, direction, state, mergedInto, legs, problem }: Interaction): boolean {
  if (direction === 'internal' || mergedInto !== null || isLive(state)) return false;
  if (direction !== 'outbound') return true;
  if (channel === 'call')
    return state !== 'queued' && state !== 'sent' && (state !== 'failed' || legs.length > 0 || problem === null);
  return state !== 'queued' && state !== 'failed';
}

async function keep(kind: DocumentKind, mapping: Mapping, attempt: Attempt): Promise<Link | null> {
  const { contact, parts, known, options } = attempt;
  const { name } = parts.context;
  const lead = await keepLead(mapping, attempt);
  const clients = participantsOf(name, contact, mapping.preset);
  const planned = kind.plan({
    contact,
    mapping,
    // A lead of УНФ takes part in its contacts; one of 1С:CRM is a document by itself.
    participants: clients.length === 0 && lead?.set === leadSet ? [lead] : clients,
    owner: await onecOwner(contact, parts, options.signal),
    timezone: parts.timezone,
    eventState: kind.purpose === 'events' ? await known.eventState(isConsidered(contact), options) : null,
  });
  const key = await keepDocument(kind, planned, attempt);
  if (key === null) return null;
  const about = !kind.hasSubject ? null : await subjectRecord({ set: kind.set, key }, mapping, attempt);
  for (const record of [...(about === null ? [] : [about]), ...planned.records(key)]) await keepRecord(record, attempt);
  const client = clientOf(name, contact);
  return {
    id: key,
    url: webLink(parts.webUrl, kind.set, key),
    client: client === null ? null : referenceText(client),
    deal: null,
  };
}

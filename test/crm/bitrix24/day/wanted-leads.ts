import type { Lead } from '../../../../src/domain/follow-up/follow-up.ts';
import { cardsOf, isDenied, makesLead, type Ours, userOf, type Wanted } from './ours.ts';

const sources: Readonly<Record<string, string>> = { call: 'CALL', email: 'EMAIL', form: 'WEBFORM', message: 'OTHER' };

/** Exactly one lead of everybody unknown, made by one of his contacts. */
export function wantedLeads(ours: Ours): Wanted {
  const wanted: Wanted = new Map();
  const parties = new Set(ours.contacts.map(({ party }) => ours.parties.of(party)));
  for (const party of parties) {
    if (party === null) continue;
    const contacts = ours.contacts.filter((one) => ours.parties.of(one.party) === party);
    const makers = contacts.filter(
      (one) => makesLead(one) && !ours.wereErased.has(one.id) && ours.parties.contactOf(one.party) === null,
    );
    const mayMake = contacts.filter(({ direction }) => direction === 'inbound');
    const isNeeded = makers.some((one) => !isDenied(one));
    const lead = ours.leads.find((one) => ours.parties.of(one.party) === party && one.state !== 'open');
    const states = (makers.length > 0 ? makers : mayMake).map(({ channel, attribution }) => ({
      source: sources[channel],
      utm: [attribution?.source, attribution?.medium, attribution?.campaign].map((part) => part || null).join(' '),
      ...stageOf(lead),
    }));
    wanted.set(`lead of ${party}`, isNeeded ? states : [undefined, ...states]);
    wanted.set(`campaign of lead of ${party}`, [undefined, 'traced']);
  }
  return wanted;
}

/** Its stage, and whose it is once somebody has taken it. */
function stageOf(lead: Lead | undefined): object {
  const user = lead?.takenBy == null ? '*' : String(userOf(lead.takenBy));
  if (lead?.state === 'rejected') return { user, status: 'JUNK', client: null };
  if (lead?.state !== 'qualified') return { user, status: 'NEW', client: null };
  const id = lead.client === null ? null : (cardsOf(lead.client, null)[0]?.split('-')[1] ?? null);
  return { user, status: 'PROCESSED', client: id === null ? null : Number(id) };
}

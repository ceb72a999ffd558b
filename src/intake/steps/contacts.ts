import { citedForms, provenLink } from '../../domain/directory/account-link.ts';
import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { partyOf } from '../../domain/written/contact-identity.ts';
import type { WrittenContact } from '../../domain/written/written-contact.ts';
import { takeCall } from './calls.ts';
import { takeTranscript } from './recordings.ts';
import { relink } from './relink.ts';
import { takeDeletion, takeReading, takeReport } from './reports.ts';
import type { Work } from './work.ts';
import { takeWritten } from './written.ts';

/** Stores an event from outside. */
export function takeContact(work: Work, event: ContactEvent): Promise<readonly Change[]> {
  switch (event.kind) {
    case 'call':
      return takeCall(work, event);
    case 'transcript':
      return takeTranscript(work, event);
    case 'written':
      return takeMessage(work, event);
    case 'report':
      return takeReport(work, event);
    case 'deletion':
      return takeDeletion(work, event);
    case 'reading':
      return takeReading(work, event);
  }
}

async function takeMessage(work: Work, contact: WrittenContact): Promise<readonly Change[]> {
  return [...(await takeWritten(work, contact)), ...(await linkAccount(work, contact))];
}

/** If a message proves who owns its account, matches the account's earlier messages again. */
async function linkAccount(work: Work, contact: WrittenContact): Promise<readonly Change[]> {
  const { tables, settings, now } = work;
  const forms: Interaction[] = [];
  for (const id of citedForms(contact)) {
    const form = await tables.interactions.get(id);
    if (form !== null) forms.push(form);
  }
  const link = provenLink(contact, partyOf(contact, settings.country), forms);
  if (link === null || !(await tables.accountLinks.put(link))) return [];
  return relink(work, [{ kind: 'account', value: link.account }], now);
}

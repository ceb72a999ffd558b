import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import { answersLead, cardsOf, isDenied, makesLead, type Ours, type Places, strangersCard, userOf } from './ours.ts';

/** Files that are copied with one contact; the others are named with a link. */
const maxFiles = 20;

/** Where a contact stands beside the newest open deal. */
function placesOf(contact: Interaction, ours: Ours): Places {
  const cards = cardsOf(contact.client, contact.contact);
  if (cards.length > 0) return [[...cards, ...dealOf(cards, ours.portal)].toSorted()];
  if (contact.match.outcome === 'ambiguous') return [[]];
  const card = strangersCard(contact, ours);
  if (card === null) return [[]];
  const places = [[card, ...dealOf([card], ours.portal)].toSorted()];
  if (isDenied(contact)) return card.startsWith('lead') ? [[], ...places] : [[]];
  // An answer or an automatic letter makes nothing, but stands on what another contact has made.
  return makesLead(contact) || card.startsWith('contact') || answersLead(contact, ours) ? places : [[], ...places];
}

function dealOf(cards: readonly string[], portal: Portal): readonly string[] {
  const ids = cards.filter((card) => card.startsWith('contact')).map((card) => card.split('-')[1]);
  const deals = portal
    .cards('DEAL')
    .filter(({ CONTACT_ID, CLOSED }) => ids.includes(String(CONTACT_ID)) && CLOSED === 'N');
  return deals.slice(-1).map(({ ID }) => `deal-${String(ID)}`);
}

/** The record of a letter, message or form: any of these. */
export function wantedRecord(contact: Interaction, ours: Ours): readonly unknown[] {
  const { channel, direction, state, mergedInto } = contact;
  const isSent = direction !== 'outbound' || state !== 'queued';
  if (mergedInto !== null || direction === 'internal' || !isSent) return [undefined];
  const fate = fateOf(contact);
  const isAnswered = contact.answeredAt !== null || contact.automatic !== null || contact.closed !== null;
  const person =
    direction === 'outbound'
      ? (contact.handledBy ?? contact.responsible)
      : (contact.assignee ?? contact.responsible ?? contact.handledBy);
  const says = { says: 'everything', fate, files: Math.min(ours.files(contact), maxFiles) };
  const isActivity = channel === 'email' || ours.mode === 'app';
  const record = isActivity
    ? {
        what: channel === 'email' ? 'letter' : 'activity',
        direction: direction === 'outbound' ? 2 : 1,
        user: String(userOf(person)),
        completed: direction === 'outbound' || isAnswered ? 'Y' : 'N',
        ...says,
      }
    : { what: 'comment', ...says };
  const states = placesOf(contact, ours).map((on) => (on.length === 0 ? undefined : { ...record, on }));
  if (!ours.wereErased.has(contact.id)) return states;
  // It is deleted with its client, unless it had moved to another one before.
  return contact.client === null ? [undefined] : [undefined, ...states];
}

function fateOf({ direction, state, deletedAt }: Interaction): string {
  if (deletedAt !== null) return 'Deleted by the sender';
  if (direction !== 'outbound') return '';
  return { failed: 'Not delivered', delivered: 'Delivered.', read: 'Read.' }[state as string] ?? '';
}

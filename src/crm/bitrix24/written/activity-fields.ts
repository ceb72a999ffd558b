import { beginning } from '../../../domain/base/clean-text.ts';
import { escapeHtml } from '../../../domain/base/escape-html.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { originator } from '../api/origin.ts';
import type { Parameters } from '../api/portal.ts';
import { type Card, cardTypes } from '../cards/card.ts';
import type { Bitrix24Config } from '../schema.ts';
import { shareFiles } from './files.ts';
import type { Recording } from './recorder.ts';
import { bodyOf, timeOf } from './text.ts';
import { partyName, titleOf, wordsOf } from './words.ts';

const megabyte = 1024 * 1024;
/** Types of activities (`crm.enum.activitytype`) and of their texts (`crm.enum.contenttype`). */
const [meeting, letter, provided] = [1, 4, 6];
const [plain, html] = [1, 3];
/** The portal's limit of a subject, with some room. */
const maxSubject = 250;

/** What an activity says of a contact. Without `COMPLETED`, it stays as the portal's users have set it. */
export function activityContent(recording: Recording): Parameters {
  const { contact, user, parts } = recording;
  const { language, written } = parts.config;
  const words = wordsOf(language);
  const body = bodyOf(contact, shareFiles(contact, written.files * megabyte).linked, words, written.text);
  return {
    SUBJECT: beginning(contact.subject ?? titleOf(contact, words), maxSubject),
    DESCRIPTION: contact.channel === 'email' ? escapeHtml(body).replaceAll('\n', '<br>') : body,
    DESCRIPTION_TYPE: contact.channel === 'email' ? html : plain,
    RESPONSIBLE_ID: user,
    COMMUNICATIONS: communicationsOf(recording),
    ...(isCompleted(contact) && { COMPLETED: 'Y' }),
  };
}

/** The fields of a new activity. */
export function newActivity({ contact, parts }: Recording, first: Card, content: Parameters): Parameters {
  const at = timeOf(contact.startedAt);
  return {
    COMPLETED: 'N',
    ...content,
    ...typeOf(contact, providerOf(parts.config)),
    OWNER_TYPE_ID: cardTypes[first.kind],
    OWNER_ID: first.id,
    START_TIME: at,
    END_TIME: at,
    DIRECTION: contact.direction === 'outbound' ? 2 : 1,
    ORIGINATOR_ID: originator,
    ORIGIN_ID: contact.id,
    // Otherwise the author of the letter gets a copy.
    SETTINGS: { DISABLE_SENDING_MESSAGE_COPY: 'Y' },
    ...(wouldBeSent(contact) && { COMPLETED: 'N' }),
  };
}

/** Whether the portal sends an activity to the client if it is added as completed. */
export function wouldBeSent({ channel, direction }: Interaction): boolean {
  return channel === 'email' && direction === 'outbound';
}

/** The provider of activities of messages and forms; null if there is none that a webhook may use. */
export function providerOf({ webhook, app, written }: Bitrix24Config): string | null {
  // A webhook beside the application stands in for it until that is installed.
  return written.provider ?? (app !== undefined && webhook === undefined ? 'REST_APP' : null);
}

/** The client's card, which the address or number belongs to. */
export function clientCard(cards: readonly Card[]): Card | null {
  return cards.find(({ kind }) => kind !== 'deal') ?? null;
}

function typeOf({ channel }: Interaction, provider: string | null): Parameters {
  if (channel === 'email') return { TYPE_ID: letter };
  if (channel === 'meeting') return { TYPE_ID: meeting };
  return { TYPE_ID: provided, PROVIDER_ID: provider, PROVIDER_TYPE_ID: channel.toUpperCase() };
}

/** With which client the communication was. */
export function communicationsOf({ contact, cards, parts }: Recording): readonly Parameters[] {
  const card = clientCard(cards);
  if (card === null) return [];
  const { phone, email } = contact.party;
  const entity = { ENTITY_TYPE_ID: cardTypes[card.kind], ENTITY_ID: card.id };
  if (phone !== null && contact.channel !== 'email') return [{ TYPE: 'PHONE', VALUE: phone, ...entity }];
  if (email !== null) return [{ TYPE: 'EMAIL', VALUE: email, ...entity }];
  return [{ VALUE: beginning(partyName(contact.party, wordsOf(parts.config.language)), 200), ...entity }];
}

function isCompleted({ direction, answeredAt, automatic, closed, channel }: Interaction): boolean {
  const isAnswered = answeredAt !== null || automatic !== null || closed !== null;
  return direction === 'outbound' || channel === 'meeting' || isAnswered;
}

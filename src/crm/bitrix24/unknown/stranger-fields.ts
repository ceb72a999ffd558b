import { beginning } from '../../../domain/base/clean-text.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { titleOf, wordsOf } from '../../shared/words.ts';
import { originator } from '../api/origin.ts';
import type { Parameters } from '../api/portal.ts';

/** The portal's limits of lengths. */
const maxName = 50;
const maxTitle = 250;
const maxComments = 10_000;

/** The portal's names of messengers in the field `IM`. */
const messengers: Readonly<Record<string, string>> = { telegram: 'TELEGRAM', viber: 'VIBER', vk: 'VK' };

/** What the portal is told of a stranger besides the contact itself. */
export interface Origin {
  readonly origin: string;
  readonly source: string | null;
  /** The portal user who is responsible; null leaves it to the portal. */
  readonly user: number | null;
  readonly language: 'ru' | 'en';
}

/** The fields that leads, contacts and deals have in common. */
function commonFields({ attribution, line }: Interaction, { origin, source, user }: Origin): Parameters {
  const page = attribution?.page ?? attribution?.referrer ?? null;
  return {
    ORIGINATOR_ID: originator,
    ORIGIN_ID: origin,
    ...(source !== null && { SOURCE_ID: source }),
    ...given('SOURCE_DESCRIPTION', [line?.label, page].filter((part) => part != null && part !== '').join('\n'), 1000),
    ...(user !== null && { ASSIGNED_BY_ID: user }),
    ...given('UTM_SOURCE', attribution?.source, 255),
    ...given('UTM_MEDIUM', attribution?.medium, 255),
    ...given('UTM_CAMPAIGN', attribution?.campaign, 255),
    ...given('UTM_CONTENT', attribution?.content, 255),
    ...given('UTM_TERM', attribution?.term, 255),
  };
}

/** The fields of the person. */
function personFields({ party }: Interaction): Parameters {
  const { phone, email, account, name } = party;
  const messenger = account === null ? null : (account.username ?? account.id);
  return {
    NAME: beginning(name ?? phone ?? email ?? messenger ?? party.raw, maxName),
    ...(phone !== null && { PHONE: [{ VALUE: phone, VALUE_TYPE: 'WORK' }] }),
    ...(email !== null && { EMAIL: [{ VALUE: email, VALUE_TYPE: 'WORK' }] }),
    ...(account !== null && {
      IM: [{ VALUE: beginning(messenger ?? '', 250), VALUE_TYPE: messengers[account.kind] ?? 'OTHER' }],
    }),
  };
}

/** The fields of a lead. */
export function leadFields(contact: Interaction, origin: Origin): Parameters {
  return {
    TITLE: beginning(titleOf(contact, wordsOf(origin.language)), maxTitle),
    ...personFields(contact),
    ...given('COMMENTS', contact.text, maxComments),
    ...commonFields(contact, origin),
  };
}

/** The fields of a contact. */
export function contactFields(contact: Interaction, origin: Origin): Parameters {
  return { ...personFields(contact), ...commonFields(contact, origin) };
}

/** The fields of a contact's deal. */
export function dealFields(contact: Interaction, origin: Origin, card: number): Parameters {
  return {
    TITLE: beginning(titleOf(contact, wordsOf(origin.language)), maxTitle),
    CONTACT_ID: card,
    ...given('COMMENTS', contact.text, maxComments),
    ...commonFields(contact, origin),
  };
}

function given(name: string, value: string | null | undefined, max: number): Parameters {
  return value == null || value === '' ? {} : { [name]: beginning(value, max) };
}

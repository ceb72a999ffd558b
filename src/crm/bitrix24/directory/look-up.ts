import type { SourceClient } from '../../../domain/directory/directory-source.ts';
import type { Identifier } from '../../../domain/interaction/interaction.ts';
import { fields, list, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { KnownClients } from '../../contract.ts';
import { unreadable } from '../api/errors.ts';
import type { CallOptions, Portal } from '../api/portal.ts';
import { Affected, currentClients, type Describing } from './current.ts';
import { cardNumber } from './rows.ts';

const kinds = ['contact', 'company', 'lead'] as const;

/** Searches the portal for an unknown party while it is on the line. Accounts of messengers are not searched for. */
export async function lookUp(
  { kind, value }: Identifier,
  portal: Portal,
  known: KnownClients,
  about: Describing,
): Promise<readonly SourceClient[]> {
  if (kind === 'account') return [];
  const found =
    kind === 'phone'
      ? await ofPhone(value, portal, about.options)
      : await duplicates('EMAIL', value, portal, about.options);
  if (found.isEmpty) return [];
  return (await currentClients(found, known, about)).clients;
}

/** The search of telephony knows how numbers are written; where it is not allowed, the search for duplicates helps. */
async function ofPhone(phone: string, portal: Portal, options: CallOptions): Promise<Affected> {
  const method = 'telephony.externalCall.searchCrmEntities';
  let result: unknown;
  try {
    ({ result } = await portal.call(method, { PHONE_NUMBER: phone }, options));
  } catch (error) {
    if (asServiceError(error).trouble !== 'access') throw error;
    return duplicates('PHONE', phone, portal, options);
  }
  if (!Array.isArray(result)) throw unreadable();
  const found = new Affected();
  for (const row of result.map(fields)) {
    const kind = kinds.find((one) => one === text(row.CRM_ENTITY_TYPE)?.toLowerCase());
    const id = cardNumber(row.CRM_ENTITY_ID);
    if (kind !== undefined && id !== null) found[kind].add(id);
  }
  return found;
}

/** Kinds without a hit are left out of the answer, and without any hit it is an empty list. */
async function duplicates(
  type: 'PHONE' | 'EMAIL',
  value: string,
  portal: Portal,
  options: CallOptions,
): Promise<Affected> {
  const { result } = await portal.call('crm.duplicate.findbycomm', { type, values: [value] }, options);
  const found = new Affected();
  for (const kind of kinds) {
    for (const given of list(fields(result)[kind.toUpperCase()])) {
      const id = cardNumber(given);
      if (id !== null) found[kind].add(id);
    }
  }
  return found;
}

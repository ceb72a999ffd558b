import { referenceOf } from '../api/literals.ts';
import type { Preset, Role } from '../presets/preset.ts';

/** An object of the directory. */
export interface Reference {
  readonly role: Role;
  /** Its `Ref_Key`. */
  readonly key: string;
}

const roles: readonly string[] = [
  'partner',
  'counterparty',
  'person',
  'lead',
  'leadPerson',
  'deal',
] satisfies readonly Role[];

/** The id of an object in our directory: `partner-GUID`. */
export function referenceText({ role, key }: Reference): string {
  return `${role}-${key}`;
}

/** Reads an id of our directory; null if this core did not make it. */
export function parseReference(text: string): Reference | null {
  const dash = text.indexOf('-');
  const [role, key] = [text.slice(0, dash), referenceOf(text.slice(dash + 1))];
  return key !== null && isRole(role) ? { role, key } : null;
}

function isRole(text: string): text is Role {
  return roles.includes(text);
}

/** The set that objects of a role are in, or null if a preset has no such objects. */
export function setOfRole({ clients }: Preset, role: Role): string | null {
  for (const { role: own, set, related, links } of clients) {
    if (own === role) return set;
    if (links !== undefined && role === 'person') return links.persons;
    const found = related.find((one) => one.role === role);
    if (found !== undefined) return found.set;
  }
  return null;
}

const kinds: Readonly<Record<string, string>> = { Catalog: 'Справочник', Document: 'Документ' };

/** The address of an object's form in the web client. The platform writes the groups of a reference in another order. */
export function webLink(webUrl: string, set: string, key: string): string {
  const cut = set.indexOf('_');
  const [time = '', middle = '', version = '', clock = '', node = ''] = key.split('-');
  const name = encodeURIComponent(`${kinds[set.slice(0, cut)] ?? set.slice(0, cut)}.${set.slice(cut + 1)}`);
  return `${webUrl}#e1cib/data/${name}?ref=${clock}${node}${version}${middle}${time}`;
}

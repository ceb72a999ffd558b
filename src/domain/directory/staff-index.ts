import { entryOf } from '../base/entry-of.ts';
import type { CallEnd } from '../interaction/contact-event.ts';
import type { Identifier } from '../interaction/interaction.ts';
import { defaultMissRules, type MissRules } from '../routing/miss-rules.ts';
import { parsePhone } from './identifiers.ts';
import type { Line, Manager, Staff } from './manager.ts';
import { type NumberRegion, regionOfLine } from './number-region.ts';
import { domainOf, isPublicMail } from './public-mail.ts';

/** Finds managers and lines by id, extension, number or address. Built once per configuration. */
export class StaffIndex {
  readonly #byExtension = new Map<string, Manager>();
  readonly #byMobile = new Map<string, Manager>();
  readonly #byEmail = new Map<string, Manager>();
  readonly #byId = new Map<string, Manager>();
  /** Lines with their parsed numbers. They are parsed in advance, because callers wait for the look-up. */
  readonly #lines: readonly {
    readonly line: Line;
    readonly numbers: readonly string[];
    readonly phones: readonly string[];
    readonly region: NumberRegion;
  }[];
  readonly #region: NumberRegion;
  /** Who has to return missed calls. */
  readonly misses: MissRules;
  readonly #ownAddresses = new Set<string>();
  readonly #ownDomains = new Set<string>();

  constructor(staff: Staff, region: NumberRegion) {
    this.#region = region;
    this.misses = staff.misses ?? defaultMissRules;
    this.#lines = staff.lines.map((line) => {
      const numbers = [line.address, ...(line.pool?.numbers ?? [])];
      const own = regionOfLine(region, line);
      const phones = numbers.map((number) => parsePhone(number, own).phone).filter((phone) => phone !== null);
      return { line, numbers, phones, region: own };
    });
    for (const manager of staff.managers) {
      this.#byId.set(manager.id, manager);
      for (const extension of manager.extensions) this.#byExtension.set(extension, manager);
      if (manager.email !== null) this.#byEmail.set(manager.email.toLowerCase(), manager);
      if (manager.mobile !== null) this.#byMobile.set(manager.mobile, manager);
    }
    const mailboxes = staff.lines.filter(({ channel }) => channel === 'email').map(({ address }) => address);
    for (const address of [...mailboxes, ...this.#byEmail.keys()]) {
      const own = address.toLowerCase();
      this.#ownAddresses.add(own);
      if (!isPublicMail(domainOf(own))) this.#ownDomains.add(domainOf(own));
    }
  }

  /** The manager with this id, or null: a CRM may refer to one that is not configured. */
  byId(id: string | null): Manager | null {
    return id === null ? null : (this.#byId.get(id) ?? null);
  }

  /** Whether a line with this id is configured. */
  knowsLine(id: string): boolean {
    return this.#lines.some(({ line }) => line.id === id);
  }

  /** The head of a group, or null. */
  headOfGroup(group: string): Manager | null {
    return this.byId(entryOf(this.misses.heads, group)?.head ?? null);
  }

  /** The head of the first group that a manager is a member of, or null. */
  headOver(manager: string | null): Manager | null {
    if (manager === null) return null;
    const group = Object.values(this.misses.heads).find(({ members }) => members.includes(manager));
    return this.byId(group?.head ?? null);
  }

  /** The manager with this e-mail address. */
  byEmail(email: string | null): Manager | null {
    return email === null ? null : (this.#byEmail.get(email.toLowerCase()) ?? null);
  }

  /** Whether an identifier is our own: a manager's, a line's, or an address at one of our domains. */
  isOurs({ kind, value }: Identifier): boolean {
    if (kind === 'email') return this.#ownAddresses.has(value) || this.#ownDomains.has(domainOf(value));
    return kind === 'phone' && (this.#byMobile.has(value) || this.#lines.some(({ phones }) => phones.includes(value)));
  }

  /** The manager with this extension; "pbx/101" takes precedence over "101". */
  byExtension(connection: string | null, extension: string): Manager | null {
    const own = connection === null ? undefined : this.#byExtension.get(`${connection}/${extension}`);
    return own ?? this.#byExtension.get(extension) ?? null;
  }

  /** The manager at an end of a call, by extension, then by mobile number. */
  byEnd(connection: string, end: CallEnd): Manager | null {
    const byExtension = end.extension === null ? null : this.byExtension(connection, end.extension);
    if (byExtension !== null || end.phone === null) return byExtension;
    const { phone } = parsePhone(end.phone, this.#region);
    return phone === null ? null : (this.#byMobile.get(phone) ?? null);
  }

  /** How callers on a line write their numbers. */
  regionOf(connection: string | null, address: string | null): NumberRegion {
    return regionOfLine(this.#region, this.line(connection, address));
  }

  /** The line with this id or address; DIDs are compared as telephone numbers if they are valid. */
  line(connection: string | null, address: string | null): Line | null {
    if (address === null || address === '') return null;
    const here = this.#lines.filter(
      ({ line }) => line.connection === null || connection === null || line.connection === connection,
    );
    const exact = here.find(({ line, numbers }) => line.id === address || numbers.includes(address));
    if (exact !== undefined || here.length === 0) return exact?.line ?? null;
    const found = here.find(({ phones, region }) => phones.includes(parsePhone(address, region).phone ?? ''));
    return found?.line ?? null;
  }
}

import { createHash, randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../../src/runtime/clock.ts';
import { CardStore } from './crm/card-store.ts';
import type { PortalOptions } from './options.ts';
import { type CardKind, type PortalCall, PortalState, type PortalUser } from './state.ts';
import { OpenCalls } from './telephony/open-calls.ts';
import type { Fields } from './values.ts';

/** Raises an event of the portal, without waiting for its handlers. `userId`: whose action it was. */
export type Raise = (event: string, data: Fields, userId: number) => void;

/** What all methods share. */
export class PortalCore {
  readonly state = new PortalState();
  readonly clock: Clock;
  readonly options: PortalOptions;
  readonly cards: Readonly<Record<CardKind, CardStore>>;
  readonly calls = new OpenCalls();
  /** Uploads of records that were announced, by token. */
  readonly uploads = new Map<string, { readonly callId: string; readonly name: string }>();
  /** Open activities of missed calls, by phone. */
  readonly misses = new Map<string, readonly number[]>();
  /** The root URL once it listens. */
  root = '';
  /** Set by the events. */
  raise: Raise = () => {};
  /** Makes the tokens of one portal unknown to another. */
  readonly #salt = randomUUID();
  readonly #lastIds = new Map<string, number>();

  constructor(options: PortalOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    for (const user of options.users ?? [{ id: 1, name: 'Admin', admin: true }]) this.state.users.set(user.id, user);
    for (const { id, name } of options.openLines ?? [{ id: 1, name: 'Open line' }]) this.state.openLines.set(id, name);
    const begun = this.date(this.clock.now());
    this.cards = {
      LEAD: new CardStore(begun),
      DEAL: new CardStore(begun),
      CONTACT: new CardStore(begun, options.contacts),
      COMPANY: new CardStore(begun),
    };
  }

  /** The next id of a kind, counted from 1. */
  nextId(kind: string): number {
    const id = (this.#lastIds.get(kind) ?? 0) + 1;
    this.#lastIds.set(kind, id);
    return id;
  }

  /** A token that nobody can confuse with another. */
  token(kind: string): string {
    return this.digest(`${kind} ${this.nextId(`token ${kind}`)}`);
  }

  /** A token that is the same for the same text, and differs between portals. */
  digest(text: string): string {
    return createHash('md5').update(`${this.#salt} ${text}`).digest('hex');
  }

  /** A time in ISO-8601 with the portal's offset. */
  date(at: number): string {
    const offset = this.options.offset ?? '+03:00';
    const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
    const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
    return `${new Date(at + shift).toISOString().slice(0, 19)}${offset}`;
  }

  now(): string {
    return this.date(this.clock.now());
  }

  /** An active user, by id or extension. */
  activeUser(by: { readonly id?: number | null; readonly extension?: string | null }): PortalUser | null {
    const { users } = this.state;
    const found =
      by.id != null
        ? users.get(by.id)
        : [...users.values()].find((user) => user.extension !== undefined && user.extension === by.extension);
    return found === undefined || found.active === false ? null : found;
  }

  /** Registers a call. */
  addCall(given: Omit<Parameters<OpenCalls['add']>[0], 'id' | 'registeredAt'>): PortalCall {
    const now = this.clock.now();
    const id = `externalCall.${this.token('call')}.${Math.floor(now / 1000)}`;
    const call = this.calls.add({ ...given, id, registeredAt: now });
    this.state.calls.set(id, call);
    return call;
  }

  /** Stores a file and returns its id. */
  keepFile(name: string, bytes: Buffer): number {
    const id = this.nextId('file');
    this.state.files.set(id, { name, bytes });
    return id;
  }
}

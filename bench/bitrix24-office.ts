import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { Bitrix24Schema } from '../src/crm/bitrix24/schema.ts';
import { Cores } from '../src/crm/cores.ts';
import { configuredDestinations } from '../src/delivery/configured.ts';
import { DeliveryScheduler } from '../src/delivery/scheduler.ts';
import type { Client } from '../src/domain/directory/client.ts';
import type { Staff } from '../src/domain/directory/manager.ts';
import type { ContactEvent } from '../src/domain/interaction/contact-event.ts';
import type { Store } from '../src/domain/ports/store.ts';
import type { Write } from '../src/domain/ports/writes.ts';
import { openStore } from '../src/intake/open-store.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { FileBlobs } from '../src/store/blobs/file-blobs.ts';
import { call, client, manager } from '../test/support/calls.ts';
import { letter } from '../test/support/written.ts';

/** The number of clients, who are the portal's contacts 1 … clients. */
export const clients = 200;

const staff: Staff = { managers: [manager('anna', '101')], lines: [] };
const name = 'b24';

/** A store with what is owed to a portal, and the deliveries to it. */
export class BenchOffice {
  readonly store: Store;
  readonly #directory: string;

  private constructor(store: Store, directory: string) {
    this.store = store;
    this.#directory = directory;
  }

  static async open(): Promise<BenchOffice> {
    const directory = mkdtempSync(join(tmpdir(), 'patchbay-bitrix24-'));
    const store = await openStore({ url: `sqlite:${join(directory, 'd.db')}`, country: 'RU', publicUrl: 'http://pb' });
    const office = new BenchOffice(store, directory);
    const at = Date.now();
    const known = Array.from({ length: clients }, (_, i): Client => {
      const email = { kind: 'email', value: emailOf(i) } as const;
      const one = client(`${name}:contact-${i + 1}`, [`+7${numberOf(i)}`]);
      return { ...one, identifiers: [...one.identifiers, email], responsible: 'anna' };
    });
    await office.apply([
      { op: 'staff', staff, at },
      { op: 'destinations', names: [name], wants: { [name]: ['interaction'] }, at },
      { op: 'put-clients', clients: known, at },
    ]);
    return office;
  }

  async apply(writes: readonly Write[]): Promise<string> {
    const results = await this.store.apply(writes);
    for (const result of results)
      if (!result.ok) throw new Error(`the store refused a write of the bench: ${result.code}`);
    const [first] = results;
    return first?.ok === true ? (first.changes[0]?.interaction.id ?? '') : '';
  }

  /** Owes contacts to the portal. */
  async owe(count: number, event: (i: number) => ContactEvent): Promise<void> {
    for (let at = 0; at < count; at += 1000)
      await Promise.all(
        Array.from({ length: Math.min(1000, count - at) }, (_, i) =>
          this.apply([{ op: 'contact', event: event(at + i) }]),
        ),
      );
  }

  /** The deliveries to a portal, not started yet. */
  deliveries(webhook: string, settings: object): DeliveryScheduler {
    const { store } = this;
    const config = Value.Default(Bitrix24Schema, { kind: 'bitrix24', webhook, unknown: 'none', ...settings });
    const destinations = { [name]: config as { readonly kind: string } };
    const cores = new Cores({
      settings: destinations,
      read: store.read,
      leases: store.leases,
      apply: (writes) => store.apply(writes),
      blobs: new FileBlobs(this.#directory),
      vaultKey: () => Buffer.alloc(32),
      clock: systemClock,
      log: silentLogger,
      signal: new AbortController().signal,
      staff: () => staff,
    });
    return new DeliveryScheduler({
      read: store.read,
      claim: (claim) => store.claimOwed(claim),
      release: (ids) => store.releaseOwed(ids),
      apply: (writes) => store.apply(writes),
      clock: systemClock,
      log: silentLogger,
      destinations: configuredDestinations(destinations, cores.destinations),
    });
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const numberOf = (i: number) => String(9_161_000_000 + (i % clients));
const emailOf = (i: number) => `client${i % clients}@example.com`;

/** A call of one of the clients that has ended, read from the PBX's record. */
export function toldCall(i: number): ContactEvent {
  const startedAt = Date.now() - 3_600_000;
  return { ...callOf(`told-${i}`, i, startedAt), basis: 'record', ...answered(startedAt) };
}

/** A call of one of the clients that rings now. */
export function ringingCall(i: number): ContactEvent {
  return callOf(`live-${i}`, i, Date.now());
}

/** The same call after its end. */
export function endedCall(i: number): ContactEvent {
  const startedAt = Date.now() - 6000;
  return { ...callOf(`live-${i}`, i, startedAt), ...answered(startedAt) };
}

/** A letter of one of the clients. */
export function clientLetter(i: number): ContactEvent {
  return letter(`letter-${i}`, {
    party: { phone: null, email: emailOf(i), account: null, name: 'Ivan' },
    text: 'How much? '.repeat(80),
  });
}

function callOf(id: string, i: number, startedAt: number) {
  const [one] = call(id).legs;
  if (one === undefined) throw new Error('the call of the tests has a leg');
  return call(id, {
    party: { raw: `8${numberOf(i)}`, name: 'Ivan', withheld: false },
    startedAt,
    legs: [{ ...one, rangAt: startedAt }],
  });
}

function answered(startedAt: number) {
  const [one] = call('answered').legs;
  if (one === undefined) throw new Error('the call of the tests has a leg');
  const times = { rangAt: startedAt, talkedAt: startedAt + 2000, endedAt: startedAt + 5000 };
  return { state: 'answered', endedAt: startedAt + 5000, legs: [{ ...one, ...times, outcome: 'answered' }] } as const;
}

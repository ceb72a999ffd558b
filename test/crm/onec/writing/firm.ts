import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Cores, type CoresParts } from '../../../../src/crm/cores.ts';
import { onec as core } from '../../../../src/crm/onec/core.ts';
import type { ClientId } from '../../../../src/domain/base/ids.ts';
import type { Owed } from '../../../../src/domain/delivery/delivery.ts';
import type { Destination } from '../../../../src/domain/delivery/destination.ts';
import type { Client } from '../../../../src/domain/directory/client.ts';
import type { Line, Staff } from '../../../../src/domain/directory/manager.ts';
import type { ContactEvent } from '../../../../src/domain/interaction/contact-event.ts';
import type { Interaction, Named } from '../../../../src/domain/interaction/interaction.ts';
import type { Decision } from '../../../../src/domain/ports/contact-writes.ts';
import type { Store } from '../../../../src/domain/ports/store.ts';
import type { Write } from '../../../../src/domain/ports/writes.ts';
import { Intake } from '../../../../src/intake/intake.ts';
import { openStore } from '../../../../src/intake/open-store.ts';
import { TextReader } from '../../../../src/intake/text-reader.ts';
import { inProcessJobs } from '../../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { FileBlobs } from '../../../../src/store/blobs/file-blobs.ts';
import { client, endedCall, manager } from '../../../support/calls.ts';
import { type Onec, startOnec } from '../../../support/onec/onec.ts';
import type { OnecOptions } from '../../../support/onec/options.ts';
import { storeUrl } from '../../../support/test-store.ts';
import { writtenAt } from '../../../support/written.ts';
import { DyingDeliveries } from '../../bitrix24/dying-deliveries.ts';
import { settingsOf } from '../directory/reading.ts';

const line = (id: string, channel: Line['channel'], address: string): Line => ({
  id,
  channel,
  address,
  label: `Line ${id}`,
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route: null,
});

/** Anna and Boris are users of the base. */
const staff: Staff = {
  managers: [manager('anna', '101'), manager('boris', '102')],
  lines: [
    line('main', 'call', '74951234567'),
    line('sales', 'email', 'sales@our.example'),
    line('site', 'form', 'site'),
    line('bot', 'message', 'bot'),
  ],
};

/** Anna, as who decides something. */
export const anna: Named = { id: 'anna', name: 'Manager anna' };

const destination = 'base';

/** A call of yesterday morning that Anna answered, 30 seconds long. */
export function answeredCall(id: string, more: Parameters<typeof endedCall>[1] = {}) {
  const at = writtenAt;
  const [leg] = endedCall(id).legs;
  if (leg === undefined) throw new Error('no leg');
  const talked = { ...leg, rangAt: at + 1000, talkedAt: at + 5000, endedAt: at + 35_000 };
  return endedCall(id, { startedAt: at, endedAt: at + 35_000, legs: [talked], ...more });
}

/** The same call, which rang at Anna's and was not answered. */
export function missedCall(id: string, more: Parameters<typeof endedCall>[1] = {}) {
  const [leg] = answeredCall(id).legs;
  if (leg === undefined) throw new Error('no leg');
  return answeredCall(id, { state: 'missed', legs: [{ ...leg, talkedAt: null, outcome: 'cancelled' }], ...more });
}

/** A firm whose contacts are delivered to a scripted 1C, which is not 1C. Its clock is the test's. */
export class Firm {
  readonly onec: Onec;
  readonly store: Store;
  readonly intake: Intake;
  readonly deliveries: DyingDeliveries;
  /** The references of Anna and Boris, as attributes named Ответственный hold them. */
  readonly people: { readonly anna: string; readonly boris: string };
  readonly #blobs: FileBlobs;
  readonly #time: { at: number };
  readonly #settings: object;

  private constructor(onec: Onec, store: Store, blobs: FileBlobs, time: { at: number }, settings: object) {
    this.onec = onec;
    this.store = store;
    this.#blobs = blobs;
    this.#time = time;
    this.#settings = settings;
    this.people = {
      anna: onec.people.addUser({ name: 'Анна', extension: '101' }),
      boris: onec.people.addUser({ name: 'Борис', extension: '102' }),
    };
    this.intake = new Intake(store, silentLogger, new TextReader(inProcessJobs, 'RU'));
    const start = (apply: CoresParts['apply']) => this.#start(apply);
    this.deliveries = new DyingDeliveries({ name: destination, store, intake: this.intake, time, start });
  }

  static async open(options: OnecOptions = {}, settings: object = {}): Promise<Firm> {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-onec-'));
    const store = await openStore({
      url: storeUrl(join(dir, 'test.db')),
      country: 'RU',
      publicUrl: 'https://patchbay.example',
    });
    const time = { at: writtenAt + 60_000 };
    const onec = await startOnec({ clock: { now: () => time.at }, ...options });
    const firm = new Firm(onec, store, new FileBlobs(join(dir, 'blobs')), time, settings);
    onTestFinished(async () => {
      await onec.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    });
    await firm.apply([
      { op: 'staff', staff, at: time.at },
      { op: 'destinations', names: [destination], wants: { [destination]: core.wants }, at: time.at },
    ]);
    return firm;
  }

  get now(): number {
    return this.#time.at;
  }

  async apply(writes: readonly Write[]): Promise<void> {
    for (const result of await this.intake.apply(writes)) if (!result.ok) throw new Error(JSON.stringify(result));
  }

  /** Takes events and delivers everything that is owed. */
  async take(...events: readonly ContactEvent[]): Promise<void> {
    for (const event of events) await this.intake.emit(event);
    await this.deliveries.deliver();
  }

  /** A client of our directory who was read from the base; `id` is `partner-GUID`. */
  async know(id: string, identifiers: Client['identifiers'], more: Partial<Client> = {}): Promise<ClientId> {
    const one = { ...client(`${destination}:${id}`, []), identifiers, responsible: 'boris', ...more };
    await this.apply([{ op: 'put-clients', clients: [one], at: this.now }]);
    return one.id;
  }

  /** Contacts, the oldest first. */
  async contacts(): Promise<readonly Interaction[]> {
    return (await this.store.read.interactions({ limit: 200, cursor: null })).items.toReversed();
  }

  async owed(): Promise<readonly Owed[]> {
    return (await this.store.read.owed({ limit: 200, cursor: null })).items;
  }

  /** What a person decides about a contact. */
  async decide({ id }: Interaction, decision: Decision): Promise<void> {
    await this.apply([{ op: 'decide', id, ifRevision: null, by: anna, decision, at: this.now }]);
    await this.deliveries.deliver();
  }

  #start(apply: CoresParts['apply']): Destination {
    const key = randomBytes(32);
    const cores = new Cores({
      settings: { [destination]: settingsOf(this.onec, { timeout: 1, ...this.#settings }) },
      read: this.store.read,
      leases: this.store.leases,
      apply,
      blobs: this.#blobs,
      vaultKey: () => key,
      clock: { now: () => this.#time.at },
      log: silentLogger,
      timezone: 'Europe/Moscow',
      staff: () => staff,
      signal: new AbortController().signal,
    });
    const [one] = cores.destinations;
    if (one === undefined) throw new Error('no destination');
    return one.destination;
  }
}

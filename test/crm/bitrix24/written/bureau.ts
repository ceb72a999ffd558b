import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import { bitrix24 } from '../../../../src/crm/bitrix24/core.ts';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import { Cores, type CoresParts } from '../../../../src/crm/cores.ts';
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
import type { WrittenAttachment } from '../../../../src/domain/written/written-contact.ts';
import { Intake } from '../../../../src/intake/intake.ts';
import { openStore } from '../../../../src/intake/open-store.ts';
import { TextReader } from '../../../../src/intake/text-reader.ts';
import { inProcessJobs } from '../../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { FileBlobs } from '../../../../src/store/blobs/file-blobs.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import type { Activity, CardKind } from '../../../support/bitrix24/state.ts';
import type { Fields } from '../../../support/bitrix24/values.ts';
import { client, manager } from '../../../support/calls.ts';
import { storeUrl } from '../../../support/test-store.ts';
import { writtenAt } from '../../../support/written.ts';
import { DyingDeliveries } from '../dying-deliveries.ts';

const line = (id: string, channel: Line['channel'], address: string): Line => ({
  id,
  channel,
  address,
  label: `Line ${id}`,
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route: null,
});

/** Anna, Boris and Vera have the portal's users 1, 2 and 3. User 9 owns the webhook. */
const staff: Staff = {
  managers: [manager('anna', '101'), manager('boris', '102'), manager('vera', '103')],
  lines: [line('sales', 'email', 'sales@our.example'), line('site', 'form', 'site'), line('bot', 'message', 'bot')],
};

/** Anna, as who decides something. */
export const anna: Named = { id: 'anna', name: 'Manager anna' };

const destination = 'b24';

/** An office whose letters, messages and forms are delivered to a scripted portal. Its clock is the test's. */
export class Bureau {
  readonly portal: Portal;
  readonly store: Store;
  readonly intake: Intake;
  readonly blobs: FileBlobs;
  readonly #time: { at: number };
  readonly #clock = { now: () => this.#time.at };
  readonly #settings: object;
  readonly deliveries: DyingDeliveries;

  private constructor(portal: Portal, store: Store, blobs: FileBlobs, time: { at: number }, settings: object) {
    this.portal = portal;
    this.store = store;
    this.blobs = blobs;
    this.#time = time;
    this.#settings = settings;
    this.intake = new Intake(store, silentLogger, new TextReader(inProcessJobs, 'RU'));
    const start = (apply: CoresParts['apply']) => this.#start(apply);
    this.deliveries = new DyingDeliveries({ name: destination, store, intake: this.intake, time, start });
  }

  static async open(settings: object = {}, options: PortalOptions = {}): Promise<Bureau> {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-b24-'));
    const url = storeUrl(join(dir, 'test.db'));
    const store = await openStore({ url, country: 'RU', publicUrl: 'https://patchbay.example' });
    const time = { at: writtenAt + 60_000 };
    const portal = await startPortal({
      clock: { now: () => time.at },
      users: [
        { id: 1, name: 'Anna', extension: '101' },
        { id: 2, name: 'Boris', extension: '102' },
        { id: 3, name: 'Vera', extension: '103' },
        { id: 9, name: 'Owner', admin: true },
      ],
      rate: 'off',
      webhooks: [{ userId: 9, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
      ...options,
    });
    const users = { anna: 1, boris: 2, vera: 3 };
    const bureau = new Bureau(portal, store, new FileBlobs(join(dir, 'blobs')), time, {
      language: 'en',
      users,
      ...settings,
    });
    onTestFinished(async () => {
      await portal.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    });
    await bureau.apply([
      { op: 'staff', staff, at: time.at },
      { op: 'destinations', names: [destination], wants: { [destination]: bitrix24.wants }, at: time.at },
    ]);
    return bureau;
  }

  get now(): number {
    return this.#time.at;
  }

  pass(seconds: number): void {
    this.#time.at += seconds * 1000;
  }

  async apply(writes: readonly Write[]): Promise<void> {
    for (const result of await this.intake.apply(writes)) if (!result.ok) throw new Error(JSON.stringify(result));
  }

  /** Takes events and delivers everything that is owed. */
  async take(...events: readonly ContactEvent[]): Promise<void> {
    for (const event of events) await this.intake.emit(event);
    await this.deliver();
  }

  /** A card of the portal, made by its users. Returns its id. */
  card(kind: CardKind, fields: Fields): number {
    return this.portal.core.cards[kind].add({ OPENED: 'Y', ...fields });
  }

  /** A client of our directory who was read from the portal. */
  async know(id: string, identifiers: Client['identifiers'], more: Partial<Client> = {}): Promise<ClientId> {
    const one = { ...client(`${destination}:${id}`, []), identifiers, responsible: 'anna', ...more };
    await this.apply([{ op: 'put-clients', clients: [one], at: this.now }]);
    return one.id;
  }

  /** A file in our storage. */
  async file(name: string, content: string | Buffer): Promise<WrittenAttachment> {
    const { id, bytes } = await this.blobs.put(Readable.from([Buffer.from(content)]), 100_000_000);
    return { blob: id, name, mime: 'text/plain', bytes };
  }

  /** Contacts, the oldest first. */
  async contacts(): Promise<readonly Interaction[]> {
    return (await this.store.read.interactions({ limit: 200, cursor: null })).items.toReversed();
  }

  async owed(): Promise<readonly Owed[]> {
    return (await this.store.read.owed({ limit: 200, cursor: null })).items;
  }

  /** What a person decides about a contact. */
  async decide(contact: Interaction, decision: Decision): Promise<void> {
    const { id } = contact;
    await this.apply([{ op: 'decide', id, ifRevision: null, by: anna, decision, at: this.now }]);
    await this.deliver();
  }

  /** Delivers all that is owed, each attempt by a program that was just started. Time passes while it waits. */
  deliver(maxAttempts?: number): Promise<void> {
    return this.deliveries.deliver(maxAttempts);
  }

  #start(apply: CoresParts['apply']): Destination {
    const [one] = this.cores(apply).destinations;
    if (one === undefined) throw new Error('no destination');
    return one.destination;
  }

  /** The cores of a program that was just started. */
  cores(apply: CoresParts['apply'] = (writes) => this.intake.apply(writes)): Cores {
    const key = randomBytes(32);
    return new Cores({
      settings: {
        [destination]: Value.Default(Bitrix24Schema, {
          kind: 'bitrix24',
          webhook: this.portal.webhookUrl(9, 'hook'),
          timeout: 1,
          limits: { perSecond: 0 },
          ...structuredClone(this.#settings),
        }) as { readonly kind: string },
      },
      read: this.store.read,
      leases: this.store.leases,
      apply,
      blobs: this.blobs,
      vaultKey: () => key,
      clock: this.#clock,
      log: silentLogger,
      staff: () => staff,
      signal: new AbortController().signal,
    });
  }

  /** The activities on a card, as far as people see them. */
  on(kind: CardKind, id: number) {
    return (this.portal.card(kind, id)?.activities ?? []).map(seen);
  }

  /** The comments on a card, without their last line. */
  said(kind: CardKind, id: number): readonly string[] {
    return (this.portal.card(kind, id)?.comments ?? []).map(({ text }) => text.replace(/\n\nPatchbay \S+$/, ''));
  }

  /** All activities with the cards that they stand on. */
  all() {
    return [...this.portal.state.activities.values()].map((one) => ({
      ...seen(one),
      on: one.bindings.map(({ kind, id }) => `${kind.toLowerCase()}-${id}`).toSorted(),
    }));
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.portal.state.counts.get(method) ?? 0;
  }
}

function seen({ fields }: Activity) {
  return {
    subject: String(fields.SUBJECT),
    direction: String(fields.DIRECTION ?? ''),
    completed: String(fields.COMPLETED),
    user: String(fields.RESPONSIBLE_ID),
  };
}

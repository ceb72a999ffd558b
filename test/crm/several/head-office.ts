import { expect, onTestFinished } from 'vitest';
import { bitrix24 } from '../../../src/crm/bitrix24/core.ts';
import type { Cores } from '../../../src/crm/cores.ts';
import { configuredDestinations } from '../../../src/delivery/configured.ts';
import { DeliveryScheduler } from '../../../src/delivery/scheduler.ts';
import type { InteractionId } from '../../../src/domain/base/ids.ts';
import type { Line, Staff } from '../../../src/domain/directory/manager.ts';
import type { ContactEvent } from '../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { SourceReader } from '../../../src/matching/sources/source-reader.ts';
import { LeakyBucket, partOf } from '../../../src/runtime/leaky-bucket.ts';
import { type Portal, startPortal } from '../../support/bitrix24/portal.ts';
import { writeForm } from '../../support/bitrix24/values.ts';
import { manager } from '../../support/calls.ts';
import { coresOf } from '../../support/cores.ts';
import { type Office, openOffice } from '../../support/office.ts';
import { Receiver } from '../../support/receiver.ts';
import { installation, settingsOf } from '../bitrix24/directory/reading.ts';

const line = (id: string, channel: Line['channel'], address: string): Line => ({
  id,
  channel,
  address,
  label: id,
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route: null,
});

const staff: Staff = {
  managers: [
    manager('anna', '101', { department: 'Retail' }),
    manager('boris', '102', { department: 'Retail' }),
    manager('vera', '103', { department: 'Service' }),
  ],
  lines: [line('main', 'call', '74951234567'), line('site', 'form', 'site'), line('bot', 'message', 'bot')],
};

/** The phones of the contact 1 of each portal. */
export const phones = { retail: '+79160000001', service: '+79160000002' } as const;

/**
 * One company with three CRM cores: the portal of the retail department, in which an application is installed; the
 * portal of the service department, reached by a webhook; and a webhook that takes everything.
 */
export interface HeadOffice {
  readonly office: Office;
  readonly cores: Cores;
  readonly retail: Portal;
  readonly service: Portal;
  readonly hub: Receiver;
  /** The cores that asked for a bucket. */
  readonly buckets: readonly string[];
  /** Takes an event. */
  take(event: ContactEvent): Promise<Interaction>;
  /** Hands the conversation of a contact over. */
  handOver(id: InteractionId, to: string): Promise<void>;
  /** Waits until nothing is due. */
  settled(except?: string): Promise<void>;
  /** The latest revision of each contact that the hub has received, by id. */
  atHub(): ReadonlyMap<string, Interaction>;
}

/** Opens the company, and waits until both portals are read as directories. */
export async function openHeadOffice(): Promise<HeadOffice> {
  const office = await openOffice({ users: false });
  const { clock, log, store, intake } = office;
  const hub = new Receiver();
  const common = { clock, rate: 'off' } as const;
  const retail = await startPortal({
    ...common,
    users: [
      { id: 1, name: 'Anna', extension: '101', admin: true },
      { id: 2, name: 'Boris', extension: '102' },
    ],
    app: { clientId: 'local.1', clientSecret: 'secret', scopes: ['crm', 'telephony', 'user'] },
  });
  const service = await startPortal({
    ...common,
    // Its ids mean other people than those of the retail portal.
    users: [
      { id: 1, name: 'Vera', extension: '103', admin: true },
      { id: 2, name: 'Anna', extension: '101' },
    ],
    webhooks: [{ userId: 1, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
  });
  retail.core.cards.CONTACT.add({ NAME: 'Rita', ASSIGNED_BY_ID: '1', PHONE: [phones.retail] });
  service.core.cards.CONTACT.add({ NAME: 'Sergey', ASSIGNED_BY_ID: '1', PHONE: [phones.service] });

  const app = { portal: retail.root, clientId: 'local.1', clientSecret: 'secret', oauth: retail.root };
  const limits = { perSecond: 1000, burst: 1000 };
  const settings = {
    retail: settingsOf(retail, { webhook: undefined, app, limits, departments: ['Retail'], historyTab: false }),
    service: settingsOf(service, {
      limits,
      departments: ['Service'],
      channels: ['email', 'message', 'form'],
      unknown: 'deal',
      rate: 1000,
    }),
    hub: { kind: 'webhook', url: await hub.listen(), secret: 'a secret of the hub' },
  };
  const buckets: string[] = [];
  const cores = coresOf(office, settings, {
    staff: () => staff,
    publicUrl: 'http://127.0.0.1:9',
    bucket: (core, limit, instances) => {
      buckets.push(core);
      return new LeakyBucket(partOf(limit, instances));
    },
  });
  const names = Object.keys(settings);
  await intake.apply([
    { op: 'staff', staff, at: clock.now() },
    { op: 'destinations', names, wants: cores.wants, at: clock.now() },
  ]);
  expect(cores.wants).toEqual({ retail: bitrix24.wants, service: bitrix24.wants, hub: ['interaction'] });
  const body = Buffer.from(writeForm(installation(retail)));
  const installed = await cores.hookReceiver('retail')?.receive({ method: 'POST', query: {}, headers: {}, body });
  expect(installed?.status).toBe(200);

  const parts = { read: store.read, apply: intake.apply.bind(intake), clock, log };
  const readers = ['retail', 'service'].map(
    (source) =>
      new SourceReader({
        ...parts,
        source,
        directory: cores.source(source),
        leases: store.leases,
        country: 'RU',
        report: () => undefined,
        progress: () => undefined,
      }),
  );
  const scheduler = new DeliveryScheduler({
    ...parts,
    claim: (claim) => store.claimOwed(claim),
    release: (ids) => store.releaseOwed(ids),
    destinations: configuredDestinations(settings, cores.destinations),
    people: () => ({ staff, routing: { rules: [], groups: {}, fallback: { kind: 'default' } } }),
    poll: 20,
  });
  onTestFinished(async () => {
    await scheduler.stop(0);
    await Promise.all(readers.map((reader) => reader.stop()));
    await Promise.all([retail, service, hub].map((one) => one.close()));
    await office.close();
  });
  for (const reader of readers) reader.start();
  scheduler.start();
  const known = async () => {
    const found = await Promise.all(
      ['retail:contact-1', 'service:contact-1'].map((id) => store.read.client(id as never)),
    );
    return found.map((client) => client?.responsible);
  };
  await expect.poll(known, { timeout: 20_000 }).toEqual(['anna', 'vera']);

  async function settled(except?: string): Promise<void> {
    const due = async () => {
      const { items } = await store.read.owed({ limit: 200, cursor: null, state: 'due' });
      return items.filter(({ destination }) => destination !== except);
    };
    await expect.poll(due, { timeout: 20_000 }).toEqual([]);
  }

  return {
    office,
    cores,
    retail,
    service,
    hub,
    buckets,
    settled,
    async take(event) {
      const [result] = await intake.apply([{ op: 'contact', event }]);
      const taken = result?.ok === true ? result.changes[0]?.interaction : undefined;
      if (taken === undefined) throw new Error('nothing was stored');
      return taken;
    },
    async handOver(id, to) {
      const by = { id: 'anna', name: 'Manager anna' };
      const [result] = await intake.apply([{ op: 'hand-over', id, to, note: null, by, at: clock.now() }]);
      expect(result).toMatchObject({ ok: true });
    },
    atHub() {
      const bodies = hub.received.map(({ body }) => (JSON.parse(body) as { data: Interaction }).data);
      const sorted = bodies.toSorted((a, b) => a.revision - b.revision);
      return new Map(sorted.map((one) => [one.id, one]));
    },
  };
}

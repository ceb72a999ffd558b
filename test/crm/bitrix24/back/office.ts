import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { expect, onTestFinished, vi } from 'vitest';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import type { Cores } from '../../../../src/crm/cores.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../../src/domain/ports/store.ts';
import { Intake } from '../../../../src/intake/intake.ts';
import { openStore } from '../../../../src/intake/open-store.ts';
import { TextReader } from '../../../../src/intake/text-reader.ts';
import { requestCall } from '../../../../src/outbound/request-call.ts';
import { inProcessJobs } from '../../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { manager } from '../../../support/calls.ts';
import { coresOf } from '../../../support/cores.ts';
import { startHookServer } from '../../../support/hook-server.ts';
import { storeUrl } from '../../../support/test-store.ts';
import { MovedClock } from '../portal/start.ts';

/** An office whose application is installed in a scripted portal, and which answers the portal's events. */
export interface BackOffice {
  readonly portal: Portal;
  readonly store: Store;
  readonly cores: Cores;
  readonly clock: MovedClock;
  /** Numbers that a manager was rung for. */
  readonly called: readonly string[];
  /** The cores after a restart with other settings, and installed again. */
  restarted(more: object): Promise<Cores>;
  /** Interactions, the newest first. */
  interactions(): Promise<readonly Interaction[]>;
}

/** Anna and Boris are managers and users of the portal; Vera is only a user, and Gleb (4) has no telephone that can be rung. */
export async function openBackOffice(settings: object = {}, options: PortalOptions = {}): Promise<BackOffice> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-b24-back-'));
  const store = await openStore({ url: storeUrl(join(dir, 'test.db')), country: 'RU', publicUrl: 'http://127.0.0.1' });
  const clock = new MovedClock();
  const intake = new Intake(store, silentLogger, new TextReader(inProcessJobs, 'RU'));
  const portal = await startPortal({
    clock,
    rate: 'off',
    users: [
      { id: 1, name: 'Anna', extension: '101', admin: true },
      { id: 2, name: 'Boris', extension: '102' },
      { id: 3, name: 'Vera', extension: '103' },
      { id: 4, name: 'Gleb', email: 'gleb@example.com' },
    ],
    app: {
      clientId: 'local.1',
      clientSecret: 'secret',
      scopes: ['crm', 'telephony', 'user', 'placement'],
    },
    ...options,
  });
  const gleb = { ...manager('gleb', '104'), extensions: [], email: 'gleb@example.com' };
  const staff = { managers: [manager('anna', '101'), manager('boris', '102'), gleb], lines: [] };
  const apply = (writes: Parameters<Intake['apply']>[0]) => intake.apply(writes);
  const calling = {
    apply,
    clock,
    staff: () => staff,
    country: 'RU',
    sending: () => [{ connection: 'pbx', channel: 'call' as const }],
  };
  const called: string[] = [];
  const callBack = async ({ party }: Interaction) => {
    called.push(party.phone ?? '');
    return { id: 'anna', name: 'Anna' };
  };
  let cores: Cores | null = null;
  const publicUrl = await startHookServer(() => cores?.hookReceiver('b24'));
  onTestFinished(async () => {
    await portal.close();
    await store.close();
    await rm(dir, { recursive: true, force: true });
  });
  const opened = (own: object) => {
    const config = Value.Default(Bitrix24Schema, {
      kind: 'bitrix24',
      limits: { perSecond: 0 },
      app: { portal: portal.root, clientId: 'local.1', clientSecret: 'secret', oauth: portal.root },
      ...own,
    }) as { readonly kind: string };
    return coresOf(
      { store, clock, log: silentLogger, intake } as never,
      { b24: config },
      {
        publicUrl,
        staff: () => staff,
        callBack,
        history: ({ phone, ...query }) => store.read.interactions(phone === undefined ? query : { ...query, phone }),
        requestCall: (request, known) => requestCall(calling, request, known),
      },
    );
  };
  const install = async () => expect(await portal.install(`${publicUrl}/api/v1/hooks/b24`)).toBe(200);
  cores = opened(settings);
  await intake.apply([{ op: 'staff', staff, at: clock.now() }]);
  await install();
  const method = 'historyTab' in settings ? 'placement.get' : 'placement.bind';
  await vi.waitFor(() => expect(portal.state.counts.get(method)).toBe(method === 'placement.get' ? 1 : 5));
  return {
    portal,
    store,
    cores,
    clock,
    called,
    async restarted(more) {
      cores = opened({ ...settings, ...more });
      await install();
      return cores;
    },
    interactions: async () => (await store.read.interactions({ limit: 50, cursor: null })).items,
  };
}

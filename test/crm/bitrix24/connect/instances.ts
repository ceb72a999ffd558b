import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import type { Portal as PortalApi } from '../../../../src/crm/bitrix24/api/portal.ts';
import type { Application } from '../../../../src/crm/bitrix24/connect/application.ts';
import type { OAuth } from '../../../../src/crm/bitrix24/connect/oauth.ts';
import { openPortal } from '../../../../src/crm/bitrix24/connect/open-portal.ts';
import { bitrix24 } from '../../../../src/crm/bitrix24/core.ts';
import { type Bitrix24Config, Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import { openUsers, type Users } from '../../../../src/crm/bitrix24/users/users.ts';
import type { CoreContext } from '../../../../src/crm/contract.ts';
import { coreLease } from '../../../../src/crm/lease.ts';
import type { Reason } from '../../../../src/domain/base/reason.ts';
import type { Staff } from '../../../../src/domain/directory/manager.ts';
import type { ConnectionHealth } from '../../../../src/domain/ports/connection-state.ts';
import type { Leases } from '../../../../src/domain/ports/store.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { HttpClient } from '../../../../src/runtime/http/client.ts';
import { LeakyBucket, partOf } from '../../../../src/runtime/leaky-bucket.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';

/** What several instances of Patchbay share. */
export interface SharedStore {
  readonly secrets: Map<string, string>;
  readonly cursors: Map<string, string>;
  /** Called before a secret is stored; may reject. */
  beforePut: (name: string, secret: string) => Promise<void>;
  readonly holders: Map<string, string>;
}

/** An empty store. */
export function emptyStore(): SharedStore {
  return { secrets: new Map(), cursors: new Map(), beforePut: async () => undefined, holders: new Map() };
}

/** One instance with a core for a portal. */
export interface Instance {
  readonly context: CoreContext;
  readonly states: (readonly [ConnectionHealth, Reason | null])[];
  readonly portal: PortalApi;
  readonly application: Application | null;
  readonly oauth: OAuth | null;
  readonly users: Users;
  readonly http: HttpClient;
}

/** The settings of the portal's application. */
export function appConfig(portal: Portal): Bitrix24Config {
  const { clientId = '', clientSecret = '' } = portal.core.options.app ?? {};
  const app = { portal: portal.root, clientId, clientSecret, oauth: portal.root };
  return withDefaults({ app });
}

/** The settings of the portal's first webhook. */
export function hookConfig(portal: Portal): Bitrix24Config {
  return withDefaults({ webhook: portal.webhookUrl(1, 'hook') });
}

/** By default without a limit of requests, for which a test would wait in real time. */
function withDefaults(settings: object): Bitrix24Config {
  const all = { kind: 'bitrix24', timeout: 20, limits: { perSecond: 0 }, ...settings };
  return Value.Default(Bitrix24Schema, all) as Bitrix24Config;
}

/** The context of a core on one instance. */
export function contextOf(
  name: string,
  store: SharedStore,
  clock: Clock,
  staff: Staff = { managers: [], lines: [] },
): Pick<Instance, 'context' | 'states'> {
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const states: (readonly [ConnectionHealth, Reason | null])[] = [];
  const { signal } = stopping;
  const context: CoreContext = {
    name: 'b24',
    clock,
    log: silentLogger,
    signal,
    cursor: {
      get: async (cursor) => store.cursors.get(cursor) ?? null,
      set: async (cursor, value) => void store.cursors.set(cursor, value),
    },
    lease: coreLease('b24', { leases: leasesOf(name, store), log: silentLogger, signal }),
    bucket: (limit, instances) => new LeakyBucket(partOf(limit, instances)),
    staff: () => staff,
    groups: () => ({}),
    requestCall: async () => ({ refused: 'pbx' }),
    requestMessage: async () => ({ refused: 'conversation' }),
    takeContact: async () => null,
    history: async () => ({ items: [], next: null }),
    timezone: 'UTC',
    callBack: async () => false,
    recording: async () => null,
    transcript: async () => null,
    known: { contactsOf: async () => [], clientsWith: async () => [] },
    hookUrl: 'https://patchbay.example/api/v1/hooks/b24',
    reportState: (health, why) => void states.push([health, why]),
    blobs: null as never,
    attachment: async () => null,
    vault: {
      get: async (secret) => store.secrets.get(secret) ?? null,
      put: async (secret, value) => {
        await store.beforePut(secret, value);
        store.secrets.set(secret, value);
      },
      remove: async (secret) => void store.secrets.delete(secret),
    },
    ledger: () => {
      throw new Error('this instance has no ledger');
    },
  };
  return { context, states };
}

/** An instance with these settings. */
export function instance(
  name: string,
  config: Bitrix24Config,
  {
    store = emptyStore(),
    clock,
    staff,
  }: { readonly store?: SharedStore; readonly clock: Clock; readonly staff?: Staff },
): Instance {
  const { context, states } = contextOf(name, store, clock, staff);
  const http = new HttpClient('b24', config);
  const { portal, installed } = openPortal(config, http, context);
  const users = openUsers(portal, context, config.users);
  const { application = null, oauth = null } = installed ?? {};
  return { context, states, portal, application, oauth, users, http };
}

/** The whole core as the registry creates it. */
export function coreOf(config: Bitrix24Config, context: CoreContext) {
  return bitrix24.create(config, context);
}

/** Installs the portal's application as its consent page would. */
export async function installed(portal: Portal, on: Instance): Promise<void> {
  const { app } = portal.core.options;
  if (app === undefined || on.oauth === null || on.application === null) throw new Error('there is no application');
  const granted = await on.oauth.exchange(portal.auth.code(app.clientId, 1), on.context.signal);
  await on.application.install(granted, portal.auth.applicationToken(app.clientId));
}

function leasesOf(name: string, { holders }: SharedStore): Leases {
  return {
    take: async (lease) => {
      if ((holders.get(lease) ?? name) !== name) return null;
      holders.set(lease, name);
      return 1;
    },
    release: async (lease) => void holders.delete(lease),
  };
}

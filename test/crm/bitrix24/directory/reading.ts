import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import type { Cores } from '../../../../src/crm/cores.ts';
import type { ClientId } from '../../../../src/domain/base/ids.ts';
import type { Reason } from '../../../../src/domain/base/reason.ts';
import type { Client } from '../../../../src/domain/directory/client.ts';
import type { ReadingProgress } from '../../../../src/domain/directory/directory-source.ts';
import { SourceReader } from '../../../../src/matching/sources/source-reader.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { type Fields, writeForm } from '../../../support/bitrix24/values.ts';
import { coresOf } from '../../../support/cores.ts';
import { type Office, openOffice, staff } from '../../../support/office.ts';

/** An office with the directories of some portals. */
export interface Reading {
  readonly office: Office;
  /** The states of readers, as `name health`. */
  readonly states: string[];
  readonly progress: ReadingProgress[];
  readonly reasons: Reason[];
  /** Starts reading a portal as a source. Resolves to what stops it. */
  read(source: string, portal: Portal, more?: Settings): SourceReader;
  /** The same as an application that is installed in the portal. */
  readAsApp(source: string, portal: Portal): Promise<SourceReader>;
  client(id: string): Promise<Client | null>;
  ids(source?: string): Promise<readonly string[]>;
}

/** Further settings of a core. */
export type Settings = Readonly<Record<string, unknown>>;

/** Opens an office without sources. */
export async function openReading(): Promise<Reading> {
  const office = await openOffice({ users: false });
  const readers: SourceReader[] = [];
  onTestFinished(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await office.close();
  });
  const states: string[] = [];
  const progress: ReadingProgress[] = [];
  const reasons: Reason[] = [];
  const coresFor = (source: string, portal: Portal, more: Settings) => {
    return coresOf(office, { [source]: settingsOf(portal, more) }, { staff: () => staff });
  };
  const start = (source: string, cores: Cores) => {
    const reader = new SourceReader({
      source,
      directory: cores.source(source),
      read: office.store.read,
      leases: office.store.leases,
      apply: (writes) => office.intake.apply(writes),
      country: 'RU',
      clock: office.clock,
      log: office.log,
      report: (health, reason) => {
        states.push(`${source} ${health}`);
        if (reason !== null) reasons.push(reason);
      },
      progress: (made) => void (made !== null && progress.push(made)),
      interval: 20,
      backoff: { min: 5, max: 50 },
    });
    readers.push(reader);
    reader.start();
    return reader;
  };
  return {
    office,
    states,
    progress,
    reasons,
    read: (source, portal, more = {}) => start(source, coresFor(source, portal, more)),
    async readAsApp(source, portal) {
      const app = { portal: portal.root, clientId: 'local.1', clientSecret: 'secret', oauth: portal.root };
      const cores = coresFor(source, portal, { app });
      const body = Buffer.from(writeForm(installation(portal)));
      const answer = await cores.hookReceiver(source)?.receive({ method: 'POST', query: {}, headers: {}, body });
      if (answer?.status !== 200) throw new Error('the application could not be installed');
      return start(source, cores);
    },
    client: (id) => office.store.read.client(id as ClientId),
    ids: (source = 'b24') => office.store.read.clientsOfSource(source, '', 100_000),
  };
}

/** Settings of a core for a portal without limits, completed as the loader does. */
export function settingsOf(portal: Portal, more: Settings = {}): { readonly kind: string } {
  const usual = { kind: 'bitrix24', webhook: portal.webhookUrl(1, 'hook'), limits: { perSecond: 0 } };
  return Value.Default(Bitrix24Schema, { ...usual, ...more }) as { readonly kind: string };
}

/** How long a test waits for the reader on a busy machine. */
export const patience = { timeout: 30_000 };

/** What the portal posts when the application is installed. */
export function installation(portal: Portal): Fields {
  const { app } = portal.core.options;
  if (app === undefined) throw new Error('the portal has no application');
  const { expires: _, ...tokens } = portal.auth.issue(app, 1);
  const own = { domain: new URL(portal.root).host, application_token: portal.auth.applicationToken(app.clientId) };
  return { event: 'ONAPPINSTALL', data: { VERSION: '1' }, ts: '1', auth: { ...tokens, ...own } };
}

/** A portal whose users are the office's managers, with a webhook. */
export async function portalFor({ office }: Reading, options: PortalOptions = {}): Promise<Portal> {
  const portal = await startPortal({
    clock: office.clock,
    rate: 'off',
    users: [
      { id: 1, name: 'Anna', extension: '101', admin: true },
      { id: 2, name: 'Petr', extension: '102' },
    ],
    webhooks: [{ userId: 1, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
    app: { clientId: 'local.1', clientSecret: 'secret', scopes: ['crm', 'telephony', 'user'] },
    ...options,
  });
  onTestFinished(() => portal.close());
  return portal;
}

/** Many contacts without a company. */
export function manyContacts(count: number): PortalOptions {
  const make = (id: number) => ({
    NAME: `N${id}`,
    ASSIGNED_BY_ID: '1',
    PHONE: [`+7916${String(id).padStart(7, '0')}`],
  });
  return { contacts: { count, make }, keepRequests: false };
}

import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import type { SourceReader } from '../../../../src/matching/sources/source-reader.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { type Fields, writeForm } from '../../../support/bitrix24/values.ts';
import { coresOf } from '../../../support/cores.ts';
import {
  type DirectoryReading,
  openDirectoryReading,
  patience,
  type Settings,
} from '../../../support/directory-reading.ts';
import { staff } from '../../../support/office.ts';

/** An office with the directories of some portals. */
export interface Reading extends Omit<DirectoryReading, 'start' | 'ids'> {
  /** Starts reading a portal as a source. Resolves to what stops it. */
  read(source: string, portal: Portal, more?: Settings): SourceReader;
  /** The same as an application that is installed in the portal. */
  readAsApp(source: string, portal: Portal): Promise<SourceReader>;
  ids(source?: string): Promise<readonly string[]>;
}

export { patience };

/** Opens an office without sources. */
export async function openReading(): Promise<Reading> {
  const { start, ids, ...reading } = await openDirectoryReading();
  const coresFor = (source: string, portal: Portal, more: Settings) => {
    return coresOf(reading.office, { [source]: settingsOf(portal, more) }, { staff: () => staff });
  };
  return {
    ...reading,
    read: (source, portal, more = {}) => start(source, coresFor(source, portal, more)),
    async readAsApp(source, portal) {
      const app = { portal: portal.root, clientId: 'local.1', clientSecret: 'secret', oauth: portal.root };
      const cores = coresFor(source, portal, { app });
      const body = Buffer.from(writeForm(installation(portal)));
      const answer = await cores.hookReceiver(source)?.receive({ method: 'POST', query: {}, headers: {}, body });
      if (answer?.status !== 200) throw new Error('the application could not be installed');
      return start(source, cores);
    },
    ids: (source = 'b24') => ids(source),
  };
}

/** Settings of a core for a portal without limits, completed as the loader does. */
export function settingsOf(portal: Portal, more: Settings = {}): { readonly kind: string } {
  const usual = { kind: 'bitrix24', webhook: portal.webhookUrl(1, 'hook'), limits: { perSecond: 0 } };
  return Value.Default(Bitrix24Schema, { ...usual, ...more }) as { readonly kind: string };
}

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

import { HttpClient } from '../../runtime/http/client.ts';
import { healthOf, type ServiceError } from '../../runtime/http/service-error.ts';
import type { CoreContext } from '../contract.ts';
import { Budget } from '../shared/budget.ts';
import { Places } from '../shared/places.ts';
import { ODataClient } from './api/client.ts';
import { KeptSessions } from './api/kept-sessions.ts';
import { usualDirectory } from './directory/settings.ts';
import { Metadata } from './metadata/metadata.ts';
import { openMetadata } from './metadata/open-metadata.ts';
import { probeOrder } from './page-order.ts';
import type { PageOrder } from './paging.ts';
import type { OnecParts } from './parts.ts';
import { presets } from './presets/presets.ts';
import type { OnecConfig } from './schema.ts';
import { openUsers } from './users/users.ts';

/** Opens the way to a base. Nothing is read yet. */
export function openParts(config: OnecConfig, context: CoreContext): OnecParts {
  const preset = presets[config.preset];
  const root = config.url.endsWith('/') ? config.url : `${config.url}/`;
  const address = {
    http: new HttpClient(context.name, config, root, 'pooled'),
    root,
    username: config.username,
    password: config.password,
    sessions: new Budget(new Places(config.sessions)),
  };
  const kept = config.keepSessions ? new KeptSessions() : null;
  const base = new ODataClient({ ...address, kept, observe: (error) => reportTo(context, error) });
  const metadata = new Metadata({ preset, context, open: (signal) => openMetadata(address, signal) });
  let found: PageOrder | null = null;
  async function order(signal: AbortSignal): Promise<PageOrder> {
    const { order: wanted } = config.directory ?? usualDirectory;
    if (wanted !== 'auto') return wanted;
    found ??= await probeOrder(base, 'Catalog_Пользователи', { signal });
    return found;
  }
  return {
    config,
    context,
    base,
    metadata,
    order,
    users: openUsers({ base, metadata, order, context, users: config.users ?? {} }),
    webUrl: (config.webUrl ?? config.url.replace(/\/odata\/standard\.odata\/?$/, '')).replace(/\/$/, ''),
    timezone: config.timezone ?? context.timezone,
  };
}

/** A request that the base refuses says nothing about the connection. */
function reportTo(context: CoreContext, error: ServiceError | null): void {
  if (error === null || error.trouble === 'refused') context.reportState('ready', null);
  else context.reportState(healthOf(error), error.reason);
}

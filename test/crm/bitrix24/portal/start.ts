import { onTestFinished } from 'vitest';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { PortalClient } from './client.ts';

/** A clock that a test moves. */
export class MovedClock {
  #now = Date.parse('2026-12-01T09:00:00Z');

  now(): number {
    return this.#now;
  }

  pass(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

/** A portal with three users, an application and a webhook, and a caller for each. */
export async function start(options: PortalOptions = {}): Promise<{
  readonly portal: Portal;
  readonly app: PortalClient;
  readonly hook: PortalClient;
  readonly clock: MovedClock;
}> {
  const clock = new MovedClock();
  const portal = await startPortal({
    clock,
    users: [
      { id: 1, name: 'Anna', lastName: 'Ivanova', admin: true, extension: '101', email: 'anna@example.com' },
      { id: 2, name: 'Boris', extension: '102' },
      { id: 3, name: 'Vera', extension: '103', active: false },
    ],
    app: {
      clientId: 'local.1',
      clientSecret: 'secret',
      scopes: ['crm', 'telephony', 'user', 'placement', 'imconnector'],
    },
    webhooks: [{ userId: 1, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
    ...options,
  });
  onTestFinished(() => portal.close());
  const app = new PortalClient(portal);
  if (portal.core.options.app !== undefined) await app.logIn();
  return { portal, app, hook: new PortalClient(portal, '1/hook'), clock };
}

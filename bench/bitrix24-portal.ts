import type { PortalOptions } from '../test/support/bitrix24/options.ts';
import { startPortal } from '../test/support/bitrix24/portal.ts';

/** Orders for a portal, passed on its command line as JSON. */
export interface PortalOrder {
  readonly rate: NonNullable<PortalOptions['rate']>;
  /** Whether to keep the requests, so that a bare loop can repeat them. */
  readonly keepRequests: boolean;
  /** The number of its contacts, whose ids are 1 … clients. */
  readonly clients: number;
}

/** A request that a portal kept. */
export interface KeptRequest {
  readonly path: string;
  readonly body: string;
}

/** What a portal has seen. */
export interface PortalReport {
  readonly requests: readonly KeptRequest[];
  /** Requests refused because of the limit. */
  readonly refused: number;
  /** How full the bucket has been at most. */
  readonly highest: number;
  /** Activities: each call and each letter makes one. */
  readonly taken: number;
  /** Calls that rang, by our id of the interaction, with the time of their registration in milliseconds. */
  readonly rang: readonly { readonly id: string; readonly at: number }[];
}

// The scripted portal of bench/bitrix24.ts in a process of its own. It sends its webhook's address, and a report for each message.
const order = JSON.parse(process.argv[2] ?? '') as PortalOrder;
const portal = await startPortal({
  ...order,
  users: [
    { id: 1, name: 'Anna', extension: '101' },
    { id: 9, name: 'Owner', admin: true },
  ],
  webhookCallsRefused: false,
  webhooks: [{ userId: 9, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
  contacts: { count: order.clients, make: (id) => ({ NAME: `Client ${id}`, OPENED: 'Y' }) },
});
process.send?.(portal.webhookUrl(9, 'hook'));
process.on('message', () => {
  const { state, rest, asked } = portal;
  const calls = [...state.calls.values()].filter(({ everShownTo }) => everShownTo.size > 0);
  process.send?.({
    requests: order.keepRequests ? asked.map(({ path, body }) => ({ path, body: String(body) })) : [],
    refused: rest.bucket.refused,
    highest: rest.bucket.highest,
    taken: state.activities.size,
    rang: calls.map(({ externalId, registeredAt }) => ({ id: externalId?.split(':')[0] ?? '', at: registeredAt })),
  } satisfies PortalReport);
});

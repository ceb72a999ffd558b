import type { Interaction } from '../../domain/interaction/interaction.ts';
import { takesText } from '../../domain/outbound/answer-window.ts';
import { lastMessageAt } from '../../domain/outbound/ways.ts';
import { reason, reasonText } from '../../domain/reasons/reasons.ts';
import type { ApiDeps, SendingConnection } from '../deps.ts';
import { Problem } from '../problem.ts';

/** How many of the client's latest messages are looked at; notices of the messenger may be among them. */
const looked = 20;

/** The name of a connection's service, for people. */
export function providerOf({ provider, connection }: SendingConnection): string {
  return provider ?? connection;
}

/**
 * Refuses free text that leaves when the service takes templates only, so that it does not fail later. `to`: the conversation or
 * the number.
 */
export async function refuseAfterWindow(
  { store }: Pick<ApiDeps, 'store'>,
  via: SendingConnection | undefined,
  to: { readonly thread: string | null; readonly phone: string | null },
  leavesAt: number,
): Promise<void> {
  const { window } = via ?? {};
  if (via === undefined || window === undefined) return;
  const reader = store.read.under(null);
  const of = async (filter: { thread?: string; phone?: string }): Promise<readonly Interaction[]> =>
    (await reader.interactions({ ...filter, channel: 'message', direction: 'inbound', limit: looked, cursor: null }))
      .items;
  const messages = [
    ...(to.thread === null ? [] : await of({ thread: to.thread })),
    ...(to.phone === null ? [] : await of({ phone: to.phone })),
  ];
  if (takesText(window, lastMessageAt(messages, via.connection), leavesAt)) return;
  const why = reasonText(reason('windowClosed', { provider: providerOf(via) }));
  const advice = window.after.includes('templates')
    ? 'send a template (`template`), or wait until the client writes'
    : 'wait until the client writes, or set up templates (`businessAccountId`)';
  const message = `${why}; ${advice}`;
  throw new Problem('conflict', message, [{ path: '/text', code: 'windowClosed', message }]);
}

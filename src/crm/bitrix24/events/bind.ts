import { fields, list, number, text } from '../../../runtime/http/fields.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { handlersFor, polledHandlers } from './handlers.ts';

/**
 * Asks the portal to post the events that we handle, unless we ask for them. What it does already is left alone; what it did before that
 * was changed is ended, so that nothing comes twice and no queue grows.
 */
export async function bindEvents(
  { portal, eventAddress, polled, config }: Pick<Bitrix24Parts, 'portal' | 'eventAddress' | 'polled' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  if (eventAddress === null) return;
  const options = { signal, urgency: 'usual' } as const;
  const bound = list((await portal.call('event.get', {}, options)).result).map(fields);
  for (const event of Object.keys(handlersFor(config))) {
    const found = bound.filter((one) => text(one.event)?.toUpperCase() === event);
    const isPosted = found.some((one) => text(one.handler) === eventAddress);
    const posting = { event, handler: eventAddress };
    const isAsked = polled && Object.hasOwn(polledHandlers, event);
    if (isPosted && isAsked) await portal.call('event.unbind', posting, options);
    if (isAsked) continue;
    if (!isPosted) await portal.call('event.bind', posting, options);
    for (const queue of found.filter((one) => number(one.offline) === 1).map((one) => text(one.connector_id))) {
      const named = queue === null ? {} : { auth_connector: queue };
      await portal.call('event.unbind', { event, event_type: 'offline', ...named }, options);
    }
  }
}

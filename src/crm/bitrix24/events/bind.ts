import { fields, list, text } from '../../../runtime/http/fields.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { handlersFor } from './handlers.ts';

/** Asks the portal to post the events that we handle. What it posts already is left alone. */
export async function bindEvents(
  { portal, eventAddress, config }: Pick<Bitrix24Parts, 'portal' | 'eventAddress' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  if (eventAddress === null) return;
  const options = { signal, urgency: 'usual' } as const;
  const bound = list((await portal.call('event.get', {}, options)).result).map(fields);
  const isBound = (event: string) =>
    bound.some((one) => text(one.event)?.toUpperCase() === event && text(one.handler) === eventAddress);
  for (const event of Object.keys(handlersFor(config)))
    if (!isBound(event)) await portal.call('event.bind', { event, handler: eventAddress }, options);
}

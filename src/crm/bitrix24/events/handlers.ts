import type { EventHandler } from './event.ts';

/** The handlers of events by name in capitals. Other events are answered and ignored. */
export const eventHandlers: Readonly<Record<string, EventHandler>> = {};

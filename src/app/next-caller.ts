import type { Answering } from '../answering/answering.ts';
import { nextCaller } from '../answering/next-caller.ts';
import type { CallBackParts } from '../outbound/call-backs.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Connections } from './connections.ts';

/** Chooses the manager for a call-back by asking routing on each connection that can place calls. */
export function nextCallerOf(answering: Answering, connections: Connections, clock: Clock): CallBackParts['next'] {
  return (wish) => {
    const able = connections.sending().filter(({ channel }) => channel === 'call');
    return nextCaller(answering, {
      ...wish,
      connections: able.map(({ connection }) => connection),
      at: clock.now(),
    });
  };
}

import type { Answering } from '../answering/answering.ts';
import { nextCaller } from '../answering/next-caller.ts';
import type { CallBackParts } from '../outbound/call-backs.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Connections } from './connections.ts';

/** Whose telephone is rung for a call-back: routing is asked on each connection that can call. */
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

import type { QueueLeft } from '../../../domain/call/call-result.ts';
import { endServices, joinQueue } from './legs.ts';
import { type Fields, type LiveCall, type LiveChannel, type LiveLeg, text } from './model.ts';

/** `QUEUESTATUS`, which Asterisk sets when the party has left a queue without an agent. */
const byStatus: ReadonlyMap<string, QueueLeft> = new Map([
  ['TIMEOUT', 'timeout'],
  ['FULL', 'full'],
  ['JOINEMPTY', 'empty'],
  ['LEAVEEMPTY', 'empty'],
  ['JOINUNAVAIL', 'empty'],
  ['LEAVEUNAVAIL', 'empty'],
]);

/** How a party left a queue, or was not let in, by `QUEUESTATUS`; undefined if that says nothing. */
export function leftByStatus(status: string): QueueLeft | undefined {
  return byStatus.get(status);
}

/** Records that the party joined a queue, and at which place. */
export function queueJoined({ call }: LiveChannel, fields: Fields, at: number): void {
  joinQueue(call, text(fields, 'Queue'), at);
  const queue = queueOf(call);
  const position = Number.parseInt(text(fields, 'Position'), 10);
  if (queue === undefined || queue.position !== null || !Number.isSafeInteger(position)) return;
  queue.position = position;
  call.dirty = true;
}

/** Records that an agent took the party, or that it gave up. */
export function queueEnded({ call }: LiveChannel, left: 'answered' | 'abandoned', at: number): void {
  const queue = queueOf(call);
  if (queue === undefined) return;
  queue.outcome = left === 'answered' ? 'answered' : 'cancelled';
  queue.left = left;
  queue.endedAt ??= at;
  call.dirty = true;
}

/** Records that the party left the queue. An agent or QUEUESTATUS may follow; without them it was a key, or the dialplan. */
export function queueLeft({ call }: LiveChannel, at: number): void {
  const queue = queueOf(call);
  endServices(call, ['queue'], at);
  if (queue !== undefined) queue.hasLeft = true;
}

/** Records why the party left the queue, or was not let in. */
export function queueStatus({ call }: LiveChannel, status: string): void {
  const left = leftByStatus(status);
  const queue = queueOf(call);
  if (left === undefined || queue === undefined || queue.left === 'answered' || queue.left === 'abandoned') return;
  queue.left = left;
  call.dirty = true;
}

function queueOf(call: LiveCall): LiveLeg | undefined {
  return call.legs.findLast((leg) => leg.kind === 'queue');
}

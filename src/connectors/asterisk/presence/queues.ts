import type { QueueLeft } from '../../../domain/call/call-result.ts';
import type { QueueAgent, QueueEvent, QueueState, WaitingCaller } from '../../../domain/call/queue.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import { type Fields, text } from '../tracker/model.ts';
import { leftByStatus } from '../tracker/queues.ts';

/** Events from which queues are followed; some of them also concern calls. */
export const queueEvents = [
  'QueueCallerJoin',
  'QueueCallerLeave',
  'QueueCallerAbandon',
  'AgentConnect',
  'QueueMemberStatus',
  'QueueMemberPause',
  'QueueMemberAdded',
  'QueueMemberRemoved',
] as const;
const ofQueues: ReadonlySet<string> = new Set(queueEvents);

interface Queue {
  readonly callers: Map<string, WaitingCaller>;
  readonly agents: Map<string, QueueAgent>;
}

/** Options of {@link Queues}. */
export interface QueuesOptions {
  readonly connection: string;
  readonly endpoints: Endpoints;
  readonly report: (state: QueueState) => void;
  readonly count: (event: QueueEvent) => void;
  /** An agent's pause, which is part of the presence of the extension. */
  readonly pause: (extension: string, queue: string, isPaused: boolean) => void;
}

/** Queues that a PBX may report; further ones are ignored. */
const maxQueues = 1000;

/** Follows who waits in the queues of a PBX, and which agents are paused. */
export class Queues {
  readonly #options: QueuesOptions;
  readonly #queues = new Map<string, Queue>();
  /** The queue that a channel left, until it is known how. */
  readonly #leaving = new Map<string, string>();

  constructor(options: QueuesOptions) {
    this.#options = options;
  }

  /** Replaces everything by the items of QueueStatus. */
  replace(items: readonly (readonly [name: string, fields: Fields])[], at: number): void {
    const before = new Set(this.#queues.keys());
    this.#queues.clear();
    for (const [name, fields] of items) {
      const queue = this.#queue(fields);
      if (queue === null) continue;
      if (name === 'QueueMember') this.#member(queue, fields);
      if (name === 'QueueEntry') put(queue, fields, at - 1000 * numberOf(fields, 'Wait'));
    }
    for (const name of new Set([...before, ...this.#queues.keys()])) this.#report(name);
  }

  /** Handles an event that happened at `at`; others than {@link queueEvents} and QUEUESTATUS are ignored. */
  handle(name: string, fields: Fields, at: number): void {
    if (name === 'VarSet') return this.#status(fields);
    if (name === 'Hangup') return this.#gone(text(fields, 'Uniqueid'));
    if (!ofQueues.has(name)) return;
    const queue = this.#queue(fields);
    if (queue === null) return;
    const id = text(fields, 'Uniqueid');
    switch (name) {
      case 'QueueCallerJoin':
        join(queue, fields, at);
        this.#count(text(fields, 'Queue'), 'joined');
        break;
      case 'QueueCallerAbandon':
        this.#count(text(fields, 'Queue'), 'abandoned');
        remove(queue, id);
        break;
      case 'QueueCallerLeave':
        // An abandoned caller has been removed before.
        if (remove(queue, id)) this.#leaving.set(id, text(fields, 'Queue'));
        break;
      case 'AgentConnect':
        this.#left(id, 'answered');
        break;
      case 'QueueMemberRemoved':
        queue.agents.delete(interfaceOf(fields));
        break;
      default:
        this.#member(queue, fields);
    }
    this.#report(text(fields, 'Queue'));
  }

  #status(fields: Fields): void {
    const left = leftByStatus(text(fields, 'Value'));
    if (text(fields, 'Variable') === 'QUEUESTATUS' && left !== undefined) this.#left(text(fields, 'Uniqueid'), left);
  }

  /** A caller who left without an agent or a status went by a key, or the dialplan took it out. */
  #gone(id: string): void {
    this.#left(id, 'exit_key');
  }

  #left(id: string, how: QueueLeft): void {
    const queue = this.#leaving.get(id);
    if (queue === undefined) return;
    this.#leaving.delete(id);
    this.#count(queue, how);
  }

  #member(queue: Queue, fields: Fields): void {
    const name = interfaceOf(fields);
    const extension = this.#extensionOf(fields);
    const isPaused = text(fields, 'Paused') === '1';
    const pausedFor = isPaused ? text(fields, 'PausedReason') || text(fields, 'Reason') || null : null;
    queue.agents.set(name, { agent: extension ?? (text(fields, 'MemberName') || name), isPaused, pausedFor });
    if (extension !== null) this.#options.pause(extension, text(fields, 'Queue'), isPaused);
  }

  /** `PJSIP/101`, `Local/101@from-queue/n` and `hint:101@ext-local` are all the extension 101. */
  #extensionOf(fields: Fields): string | null {
    const { endpoints } = this.#options;
    for (const name of [text(fields, 'StateInterface'), interfaceOf(fields)]) {
      const { kind, extension } = endpoints.ofDevice(name);
      if (kind === 'extension' && extension !== null) return extension;
      const number = /^(?:Local\/|hint:)([^@/]{1,64})@/i.exec(name)?.[1];
      if (number !== undefined && endpoints.isExtension(number)) return number;
    }
    return null;
  }

  #queue(fields: Fields): Queue | null {
    const name = text(fields, 'Queue');
    const known = this.#queues.get(name);
    if (known !== undefined || name === '' || this.#queues.size >= maxQueues) return known ?? null;
    const queue = { callers: new Map<string, WaitingCaller>(), agents: new Map<string, QueueAgent>() };
    this.#queues.set(name, queue);
    return queue;
  }

  #count(queue: string, what: QueueEvent['what']): void {
    this.#options.count({ connection: this.#options.connection, queue, what });
  }

  #report(name: string): void {
    const queue = this.#queues.get(name);
    this.#options.report({
      connection: this.#options.connection,
      queue: name,
      callers: [...(queue?.callers.values() ?? [])].sort((a, b) => a.position - b.position),
      agents: [...(queue?.agents.values() ?? [])],
    });
  }
}

function interfaceOf(fields: Fields): string {
  return text(fields, 'Interface') || text(fields, 'Location');
}

function numberOf(fields: Fields, header: string): number {
  const value = Number.parseInt(text(fields, header), 10);
  return Number.isSafeInteger(value) ? value : 0;
}

function put({ callers }: Queue, fields: Fields, since: number): void {
  const id = text(fields, 'Uniqueid');
  callers.set(id, { id, position: numberOf(fields, 'Position'), since });
}

/** Adds a caller who joins. With a higher priority it goes before some who wait, and they move back. */
function join(queue: Queue, fields: Fields, since: number): void {
  const { callers } = queue;
  remove(queue, text(fields, 'Uniqueid'));
  const position = numberOf(fields, 'Position');
  for (const one of callers.values())
    if (one.position >= position) callers.set(one.id, { ...one, position: one.position + 1 });
  put(queue, fields, since);
}

/** Removes a caller, so that those behind move up. False if it did not wait. */
function remove({ callers }: Queue, id: string): boolean {
  const gone = callers.get(id);
  if (gone === undefined) return false;
  callers.delete(id);
  for (const one of callers.values())
    if (one.position > gone.position) callers.set(one.id, { ...one, position: one.position - 1 });
  return true;
}

import { AmiError } from './errors.ts';
import type { AmiMessage } from './message.ts';

/** The answer to a list action, and the items of the list. */
export interface AmiList {
  readonly response: AmiMessage;
  /** The events of the list in order, without the closing `…Complete`. */
  readonly items: readonly AmiMessage[];
}

interface Pending {
  readonly action: string;
  readonly items: AmiMessage[] | null;
  response: AmiMessage | null;
  bytes: number;
  readonly cancel: () => void;
  readonly resolve: (result: AmiList) => void;
  readonly reject: (error: AmiError) => void;
}

/** Limits of pending actions. */
export interface PendingLimits {
  readonly actions: number;
  readonly listBytes: number;
}

/** The actions of one connection that wait for their answers, by ActionID. */
export class PendingActions {
  readonly #pending = new Map<string, Pending>();
  readonly #limits: PendingLimits;

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  /** Number of actions that wait. */
  get size(): number {
    return this.#pending.size;
  }

  /** Waits for the answer to `actionId`, including the whole list if there is one, within the deadline (ms). */
  expect(actionId: string, action: string, list: boolean, deadlineMs: number): Promise<AmiList> {
    if (this.#pending.size >= this.#limits.actions) {
      return Promise.reject(
        new AmiError(
          'overloaded',
          `${this.#limits.actions} AMI actions already await their answers; ${action} was not sent`,
        ),
      );
    }
    if (this.#pending.has(actionId)) {
      return Promise.reject(
        new AmiError('unsafe', `an AMI action with this ActionID is still in flight; ${action} was not sent`),
      );
    }
    return new Promise((resolve, reject) => {
      const cancel = startDeadline(deadlineMs, () =>
        this.#fail(
          actionId,
          new AmiError('timed-out', `no complete answer to ${action} within ${deadlineMs} ms`, { sent: true }),
        ),
      );
      this.#pending.set(actionId, {
        action,
        items: list ? [] : null,
        response: null,
        bytes: 0,
        cancel,
        resolve,
        reject,
      });
    });
  }

  /** Handles a message that belongs to a pending action. Returns false if it belongs to none. */
  take(message: AmiMessage): boolean {
    const actionId = message.fields.ActionID;
    if (actionId === undefined) return false;
    const pending = this.#pending.get(actionId);
    if (pending === undefined) return false;
    if (message.kind === 'response') this.#takeResponse(actionId, pending, message);
    else if (pending.items === null || pending.response === null) return false;
    else this.#takeItem(actionId, pending, pending.response, pending.items, message);
    return true;
  }

  /** Rejects all pending actions after the connection was lost. */
  rejectAll(reason: string): void {
    for (const [actionId, { action }] of [...this.#pending]) {
      this.#fail(
        actionId,
        new AmiError('dropped', `the AMI connection ended before ${action} was answered: ${reason}`, { sent: true }),
      );
    }
  }

  #takeResponse(actionId: string, pending: Pending, response: AmiMessage): void {
    if (response.name === 'Error') {
      // The PBX's message may contain a channel or a number, so it stays in the response and out of the error message.
      return this.#fail(
        actionId,
        new AmiError('action-refused', `the PBX refused the AMI action ${pending.action}`, { sent: true, response }),
      );
    }
    pending.response = response;
    // A plain answer without EventList means an empty list.
    if (pending.items === null || (response.fields.EventList === undefined && !announcesList(response)))
      this.#settle(actionId, pending, response);
  }

  #takeItem(actionId: string, pending: Pending, response: AmiMessage, items: AmiMessage[], event: AmiMessage): void {
    const end = event.fields.EventList;
    if (end === 'Complete' || (end === undefined && event.name.endsWith('Complete')))
      return this.#settle(actionId, pending, response);
    if (end === 'Cancelled') {
      return this.#fail(
        actionId,
        new AmiError('action-refused', `the PBX cancelled the list of ${pending.action}`, { sent: true, response }),
      );
    }
    pending.bytes += event.bytes;
    if (pending.bytes > this.#limits.listBytes) {
      const error = `the list of ${pending.action} exceeds the limit of ${this.#limits.listBytes} bytes`;
      return this.#fail(actionId, new AmiError('overloaded', error, { sent: true, response }));
    }
    items.push(event);
  }

  #settle(actionId: string, pending: Pending, response: AmiMessage): void {
    this.#pending.delete(actionId);
    pending.cancel();
    pending.resolve({ response, items: pending.items ?? [] });
  }

  #fail(actionId: string, error: AmiError): void {
    const pending = this.#pending.get(actionId);
    if (pending === undefined) return;
    this.#pending.delete(actionId);
    pending.cancel();
    pending.reject(error);
  }
}

/** Whether an answer announces a list. Old list actions do so in their message only, without `EventList: start`. */
function announcesList(response: AmiMessage): boolean {
  return /will follow/i.test(response.fields.Message ?? '');
}

/**
 * Calls `late` after `ms`, unless cancelled. If the process itself was busy for that long, the answer may already be in the
 * socket. Timers run before sockets are read, so the deadline waits for one more round of reading.
 */
export function startDeadline(ms: number, late: () => void): () => void {
  let immediate: NodeJS.Immediate | null = null;
  const timer = setTimeout(() => {
    immediate = setImmediate(late);
  }, ms);
  return () => {
    clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
  };
}

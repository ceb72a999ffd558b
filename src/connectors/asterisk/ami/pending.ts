import { AmiError } from './errors.ts';
import type { AmiMessage } from './message.ts';

/** The answer to an action that lists things, and the things. */
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

/** Limits on what waits for an answer. */
export interface PendingLimits {
  readonly actions: number;
  readonly listBytes: number;
}

/** The actions that await their answers on one connection, by ActionID. */
export class PendingActions {
  readonly #pending = new Map<string, Pending>();
  readonly #limits: PendingLimits;

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  /** Waits for the answer to `actionId`; for a list, to its end. The deadline (ms) spans the whole. */
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
          new AmiError('timed-out', `no whole answer to ${action} within ${deadlineMs} ms`, { sent: true }),
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

  /** Takes a message that belongs to a waiting action. False: it belongs to none, and is the listener's. */
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

  /** Rejects everything that waits: the connection is gone. */
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
      // The PBX's own words, which may name a channel or a number, stay in the response and out of the message.
      return this.#fail(
        actionId,
        new AmiError('action-refused', `the PBX refused the AMI action ${pending.action}`, { sent: true, response }),
      );
    }
    pending.response = response;
    // An action that lists nothing says so by a plain answer without EventList.
    if (pending.items === null || (response.fields.EventList === undefined && !lists(response)))
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

/** Old list actions answer without `EventList: start`; all of them announce the list in words. */
function lists(response: AmiMessage): boolean {
  return /will follow/i.test(response.fields.Message ?? '');
}

/**
 * Calls `late` after `ms`, unless cancelled. When the process itself was busy that long, the answer may already lie in the
 * socket: timers run before sockets are read, so the verdict waits for one more round of reading.
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

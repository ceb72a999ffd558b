import type { CardLink, PortalCall } from '../state.ts';

/** What a second registration is compared by. */
export interface CallKey {
  readonly userId: number;
  readonly phone: string;
  readonly type: number;
  readonly source: string;
  readonly line: string | null;
  readonly externalId: string | null;
}

/** Registered calls, and those that a second registration would find again. */
export class OpenCalls {
  readonly #open = new Map<string, PortalCall[]>();

  /** An unfinished call of the same application with equal keys, registered after `since`. Line and own id count only if given. */
  findOpen(key: CallKey, since: number): PortalCall | null {
    const found = this.#open
      .get(keyOf(key))
      ?.find(
        (call) =>
          call.registeredAt > since &&
          (key.line === null || call.line === key.line) &&
          (key.externalId === null || call.externalId === key.externalId),
      );
    return found ?? null;
  }

  /** Makes a call that a second registration finds. */
  add(
    given: CallKey & {
      readonly id: string;
      readonly registeredAt: number;
      readonly startedAt: string;
      readonly card: CardLink | null;
      readonly created: readonly CardLink[];
      readonly callListId: number | null;
      readonly isShown: boolean;
    },
  ): PortalCall {
    const { isShown, ...rest } = given;
    const call: PortalCall = {
      ...rest,
      shownTo: new Set(isShown ? [given.userId] : []),
      everShownTo: new Set(isShown ? [given.userId] : []),
      isFinished: false,
    };
    const key = keyOf(given);
    const open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, [call]);
    else open.push(call);
    return call;
  }

  /** Ends a call: it is not found again. */
  finish(call: PortalCall): void {
    call.isFinished = true;
    const left = this.#open.get(keyOf(call))?.filter((one) => one !== call) ?? [];
    if (left.length === 0) this.#open.delete(keyOf(call));
    else this.#open.set(keyOf(call), left);
  }
}

function keyOf({ source, userId, phone, type }: Omit<CallKey, 'line' | 'externalId'>): string {
  return `${source} ${userId} ${phone} ${type}`;
}

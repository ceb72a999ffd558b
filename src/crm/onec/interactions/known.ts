import type { CoreContext } from '../../contract.ts';
import type { Base, CallOptions } from '../api/base.ts';
import { quoted, referenceOf } from '../api/literals.ts';

const cursorName = 'own-keys';
const consideredSet = 'Constant_ИспользоватьПризнакРассмотрено';
/** How long settings of the base are used before they are read again, in milliseconds. */
const freshFor = 600_000;

/** States of УНФ's events by whether something is still to be done. */
const eventStates = { done: 'Завершено', open: 'Запланировано' } as const;

/** What is found out about a base while writing, and used for a while. */
export interface Known {
  /** Whether the base has taken a `Ref_Key` of ours. */
  takesOwnKeys(): Promise<boolean>;
  noteOwnKeys(areTaken: boolean): Promise<void>;
  /** Whether the base uses the mark Рассмотрено. */
  usesConsidered(options: CallOptions): Promise<boolean>;
  /** The key of an event's state; null if the base has none of that name. */
  eventState(isDone: boolean, options: CallOptions): Promise<string | null>;
}

/** Opens what is known about a base. Nothing is read yet. */
export function openKnown(base: Base, { cursor, clock }: Pick<CoreContext, 'cursor' | 'clock'>): Known {
  const read = new Map<string, { readonly at: number; readonly value: unknown }>();
  let ownKeys: string | null = null;

  async function fresh<Value>(name: string, ask: () => Promise<Value>): Promise<Value> {
    const before = read.get(name);
    if (before !== undefined && clock.now() - before.at < freshFor) return before.value as Value;
    const value = await ask();
    read.set(name, { at: clock.now(), value });
    return value;
  }

  return {
    async takesOwnKeys() {
      ownKeys ??= await cursor.get(cursorName);
      return ownKeys === 'taken';
    },
    async noteOwnKeys(areTaken) {
      const found = areTaken ? 'taken' : 'ignored';
      if ((ownKeys ?? (await cursor.get(cursorName))) === found) return;
      ownKeys = found;
      await cursor.set(cursorName, found);
    },
    usesConsidered: (options) =>
      fresh('considered', async () => {
        const [constant] = await base.list(consideredSet, { select: ['Value'] }, options);
        return constant?.Value === true;
      }),
    eventState: (isDone, options) =>
      fresh(`event ${isDone}`, async () => {
        const filter = `Description eq ${quoted(isDone ? eventStates.done : eventStates.open)} and DeletionMark eq false`;
        const [state] = await base.list('Catalog_СостоянияСобытий', { select: ['Ref_Key'], filter, top: 1 }, options);
        return referenceOf(state?.Ref_Key);
      }),
  };
}

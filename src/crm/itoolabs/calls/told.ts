import type { LedgerStep } from '../../../domain/delivery/ledger.ts';

/** Types of events that are sent. */
export type EventType = 'INCOMING' | 'OUTGOING' | 'ACCEPTED' | 'TRANSFERRED' | 'COMPLETED' | 'CANCELLED';

/*
 * The names of the ledger's steps say what the CRM was told of a call:
 *
 *   event TYPE EXTENSION
 *   history                 the end, without a recording
 *   history RECORDING       the end again, with the recording
 *   clicked                 a user of the CRM began the call; remote: the extension
 */

/** The name of the step that is written together with a call that the CRM requested. */
export const clickedStep = 'clicked';

export const eventStep = (type: EventType, extension: string): string => `event ${type} ${extension}`;
export const historyStep = (recording: string | null): string =>
  recording === null ? 'history' : `history ${recording}`;

/** What the CRM was told of a call. */
export interface Told {
  /** The extension of the first event, which made the CRM's own entry; null if there was none for certain. */
  readonly begun: string | null;
  /** The same, also if it is unknown whether the event arrived. */
  readonly tried: string | null;
  /** Whether the end was told by an event. */
  readonly isOver: boolean;
  /** Whether the history was told. */
  readonly hasHistory: boolean;
  /** The extension at which a user of the CRM began the call; null if it began elsewhere. */
  readonly clicked: string | null;
  /** Names of the steps that are done. */
  readonly steps: ReadonlySet<string>;
}

/** Reads the steps of a call's ledger, the earliest first. */
export function toldOf(steps: readonly LedgerStep[]): Told {
  const done = steps.filter(({ state }) => state === 'done');
  return {
    begun: firstBegun(done),
    tried: firstBegun(steps),
    isOver: done.some(({ step }) => /^event (COMPLETED|CANCELLED) /.test(step)),
    hasHistory: done.some(({ step }) => step.split(' ')[0] === 'history'),
    clicked: done.find(({ step }) => step === clickedStep)?.remote ?? null,
    steps: new Set(done.map(({ step }) => step)),
  };
}

function firstBegun(steps: readonly LedgerStep[]): string | null {
  const [, , extension] = steps.map(({ step }) => step.split(' ')).find(([, type]) => isBeginning(type)) ?? [];
  return extension ?? null;
}

/** Whether an event of this type makes the CRM's entry. */
export function isBeginning(type: string | undefined): boolean {
  return type === 'INCOMING' || type === 'OUTGOING';
}

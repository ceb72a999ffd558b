import type { LedgerSubject, StepState } from '../../../../src/domain/delivery/ledger.ts';
import type { CrmWrite } from '../../../../src/domain/ports/operation-writes.ts';

type LedgerWrite = Extract<CrmWrite, { op: 'ledger' }>;

/** One thing that was written down of a step, and in which life of the program. */
interface Entry {
  readonly state: StepState | null;
  readonly life: number;
}

/** How often a kind of step was uncertain, and how that was settled. */
export interface StepSummary {
  /** Steps that were begun. */
  readonly steps: number;
  readonly uncertain: number;
  /** The portal was asked, and had it. */
  readonly done: number;
  /** The portal was asked and did not have it, or a repeat does no harm. */
  readonly repeated: number;
  /** A later step has made it void, or nobody needs it any more. */
  readonly replaced: number;
  /** Still uncertain. */
  readonly open: number;
}

/** A step that nobody has settled. */
export interface OpenStep extends LedgerSubject {
  readonly step: string;
}

/** Follows everything that is written to the ledger. */
export class LedgerLog {
  readonly #steps = new Map<string, { readonly of: LedgerSubject; readonly step: string; readonly entries: Entry[] }>();
  /** Counts the lives of the program. */
  life = 0;

  note({ of, step, state }: LedgerWrite): void {
    const key = `${of.kind} ${of.subject} ${step}`;
    const known = this.#steps.get(key) ?? { of, step, entries: [] };
    known.entries.push({ state, life: this.life });
    this.#steps.set(key, known);
  }

  /** By kind of step: the first word of its name, and for records whether they are activities or comments. */
  summary(): ReadonlyMap<string, StepSummary> {
    const rows = new Map<string, StepSummary>();
    for (const { step, entries } of this.#steps.values()) {
      const kind = kindOf(step);
      const before = rows.get(kind) ?? { steps: 0, uncertain: 0, done: 0, repeated: 0, replaced: 0, open: 0 };
      rows.set(kind, sum(before, summaryOf(entries)));
    }
    return new Map([...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Steps whose outcome is unknown. */
  open(): readonly OpenStep[] {
    return [...this.#steps.values()].flatMap(({ of, step, entries }) => {
      const last = entries.at(-1)?.state ?? null;
      return last === 'intended' || last === 'uncertain' ? [{ ...of, step }] : [];
    });
  }
}

function kindOf(step: string): string {
  const [first = '', , third = ''] = step.split(' ');
  if (first === 'add') return `add ${third}`;
  return first === 'stranger' || first === 'lead' ? step.split(' ').slice(0, 2).join(' ').replace(/ \d+$/, '') : first;
}

function summaryOf(entries: readonly Entry[]): StepSummary {
  let [uncertain, done, repeated, replaced] = [0, 0, 0, 0];
  for (const [index, { state, life }] of entries.entries()) {
    const next = entries[index + 1];
    // A step that stays intended is uncertain as well: the program died, or could not write down how it ended.
    const isOpen = state === 'intended' && (next === undefined || next.life !== life || next.state === 'intended');
    if (state !== 'uncertain' && !isOpen) continue;
    uncertain += 1;
    if (next?.state === 'done') done += 1;
    else if (next?.state === null) replaced += 1;
    else if (next !== undefined) repeated += 1;
  }
  return { steps: 1, uncertain, done, repeated, replaced, open: uncertain - done - repeated - replaced };
}

function sum(a: StepSummary, b: StepSummary): StepSummary {
  return {
    steps: a.steps + b.steps,
    uncertain: a.uncertain + b.uncertain,
    done: a.done + b.done,
    repeated: a.repeated + b.repeated,
    replaced: a.replaced + b.replaced,
    open: a.open + b.open,
  };
}

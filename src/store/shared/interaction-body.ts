import type { Interaction, TraceStep } from '../../domain/interaction/interaction.ts';
import type { Recording } from '../../domain/interaction/recording.ts';

type StoredStep = Omit<TraceStep, 'reasons'> & Partial<Pick<TraceStep, 'reasons'>>;

type StoredRecording = Omit<Recording, 'problem' | 'problemReason'> &
  Partial<Pick<Recording, 'problem' | 'problemReason'>>;

/** An interaction as an earlier version may have written it. */
type Stored = Omit<Interaction, 'problemReason' | 'recordings' | 'route'> & {
  readonly recordings?: readonly StoredRecording[];
  readonly problemReason?: Interaction['problemReason'];
  readonly route?:
    | (Omit<NonNullable<Interaction['route']>, 'trace'> & { readonly trace: readonly StoredStep[] })
    | null;
};

/** An interaction from the column `body`. Rows that were written before there were codes get empty ones. */
export function parseInteraction(body: string): Interaction {
  const stored = JSON.parse(body) as Stored;
  const { problemReason, recordings = [], route = null } = stored;
  const isCurrent = route?.trace.every(hasReasons) !== false && recordings.every(hasProblem);
  if (problemReason !== undefined && isCurrent) return stored as Interaction;
  return {
    ...stored,
    problemReason: problemReason ?? null,
    recordings: recordings.map((one) => ({ problem: null, problemReason: null, ...one })),
    route: route && { ...route, trace: route.trace.map((step) => ({ reasons: [], ...step })) },
  };
}

function hasReasons({ reasons }: StoredStep): boolean {
  return reasons !== undefined;
}

function hasProblem({ problemReason }: StoredRecording): boolean {
  return problemReason !== undefined;
}

import type { Interaction, TraceStep } from '../../domain/interaction/interaction.ts';

/** Fields that rows of earlier versions lack. */
type Stored = Omit<Interaction, 'problemReason' | 'route'> & {
  readonly problemReason?: Interaction['problemReason'];
  readonly route: StoredRoute | null;
};
type StoredRoute = Omit<NonNullable<Interaction['route']>, 'trace'> & { readonly trace: readonly StoredStep[] };
type StoredStep = Omit<TraceStep, 'reasons'> & { readonly reasons?: TraceStep['reasons'] };

/** An interaction from the column `body`. Rows that were written before there were codes get empty ones. */
export function interactionOf(body: string): Interaction {
  const stored = JSON.parse(body) as Stored;
  const { route } = stored;
  const isWhole = stored.problemReason !== undefined && (route === null || route.trace.every(hasReasons));
  if (isWhole) return stored as Interaction;
  return {
    ...stored,
    problemReason: stored.problemReason ?? null,
    route: route === null ? null : { ...route, trace: route.trace.map((step) => ({ reasons: [], ...step })) },
  };
}

function hasReasons(step: StoredStep): step is TraceStep {
  return step.reasons !== undefined;
}

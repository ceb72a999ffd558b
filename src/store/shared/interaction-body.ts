import type { Interaction, TraceStep } from '../../domain/interaction/interaction.ts';

type StoredStep = Omit<TraceStep, 'reasons'> & Partial<Pick<TraceStep, 'reasons'>>;

/** An interaction as an earlier version may have written it. */
type Stored = Omit<Interaction, 'problemReason' | 'route'> & {
  readonly problemReason?: Interaction['problemReason'];
  readonly route?:
    | (Omit<NonNullable<Interaction['route']>, 'trace'> & { readonly trace: readonly StoredStep[] })
    | null;
};

/** An interaction from the column `body`. Rows that were written before there were codes get empty ones. */
export function parseInteraction(body: string): Interaction {
  const stored = JSON.parse(body) as Stored;
  const { problemReason, route = null } = stored;
  if (problemReason !== undefined && route?.trace.every(hasReasons) !== false) return stored as Interaction;
  return {
    ...stored,
    problemReason: problemReason ?? null,
    route: route && { ...route, trace: route.trace.map((step) => ({ reasons: [], ...step })) },
  };
}

function hasReasons({ reasons }: StoredStep): boolean {
  return reasons !== undefined;
}

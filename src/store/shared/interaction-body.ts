import type { Interaction, Leg, TraceStep } from '../../domain/interaction/interaction.ts';

type StoredStep = Omit<TraceStep, 'reasons'> & Partial<Pick<TraceStep, 'reasons'>>;

type StoredLeg = Omit<Leg, 'lastRangAt' | 'rings'> & Partial<Leg>;

/** An interaction as an earlier version may have written it. */
type Stored = Omit<Interaction, 'problemReason' | 'route' | 'legs'> & {
  readonly legs?: readonly StoredLeg[];
  readonly problemReason?: Interaction['problemReason'];
  readonly route?:
    | (Omit<NonNullable<Interaction['route']>, 'trace'> & { readonly trace: readonly StoredStep[] })
    | null;
};

/** An interaction from the column `body`. Rows that were written before there were codes and rings get them. */
export function parseInteraction(body: string): Interaction {
  const stored = JSON.parse(body) as Stored;
  const { problemReason, route = null, legs = [] } = stored;
  if (problemReason !== undefined && route?.trace.every(hasReasons) !== false && legs.every(hasRings))
    return stored as Interaction;
  return {
    ...stored,
    legs: legs.map((leg) => ({ lastRangAt: leg.rangAt, rings: leg.rangAt === null ? 0 : 1, ...leg })),
    problemReason: problemReason ?? null,
    route: route && { ...route, trace: route.trace.map((step) => ({ reasons: [], ...step })) },
  };
}

function hasReasons({ reasons }: StoredStep): boolean {
  return reasons !== undefined;
}

function hasRings({ rings }: StoredLeg): boolean {
  return rings !== undefined;
}

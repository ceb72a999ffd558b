import type { Interaction, Leg, TraceStep } from '../../domain/interaction/interaction.ts';

type StoredStep = Omit<TraceStep, 'reasons'> & Partial<Pick<TraceStep, 'reasons'>>;
/** Fields of a leg that earlier versions did not have. */
type LaterOfLeg = 'lastRangAt' | 'rings' | 'heldAt' | 'position' | 'left';
type StoredLeg = Omit<Leg, LaterOfLeg> & Partial<Pick<Leg, LaterOfLeg>>;

/** An interaction as an earlier version may have written it. */
type Stored = Omit<Interaction, 'problemReason' | 'route' | 'legs' | 'result'> & {
  readonly problemReason?: Interaction['problemReason'];
  readonly result?: Interaction['result'];
  readonly legs: readonly StoredLeg[];
  readonly route?:
    | (Omit<NonNullable<Interaction['route']>, 'trace'> & { readonly trace: readonly StoredStep[] })
    | null;
};

/** An interaction from the column `body`. Rows of earlier versions get the fields that came later. */
export function parseInteraction(body: string): Interaction {
  const stored = JSON.parse(body) as Stored;
  // `result` is the latest field: with it, all others are there.
  if (stored.result !== undefined) return stored as Interaction;
  const { problemReason, route = null, legs } = stored;
  return {
    ...stored,
    problemReason: problemReason ?? null,
    result: null,
    legs: legs.map(withLaterFields),
    route: route && { ...route, trace: route.trace.map((step) => ({ reasons: [], ...step })) },
  };
}

function withLaterFields(leg: StoredLeg): Leg {
  const rings = leg.rangAt === null ? 0 : 1;
  return { lastRangAt: leg.rangAt, rings, heldAt: null, position: null, left: null, ...leg };
}

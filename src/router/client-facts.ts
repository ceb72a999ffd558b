import type { Reason } from '../domain/base/reason.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { TraceStep } from '../domain/interaction/interaction.ts';
import { reason } from '../domain/reasons/reasons.ts';
import { traceStep } from '../domain/routing/trace.ts';
import type { RouteContext } from './context.ts';

/** The facts about the client that routing uses. `note` is their step in the trace. */
export interface ClientFacts {
  readonly responsible: Manager | null;
  readonly segment: string | null;
  readonly note: TraceStep;
}

/** Derives the facts from the match. If there are several candidates, only facts that all of them share count. */
export function clientFacts(context: RouteContext): ClientFacts {
  const { match } = context;
  switch (match.outcome) {
    case 'unknown':
      return { responsible: null, segment: null, note: noted(reason('unknownCaller')) };
    case 'matched':
      return {
        ...responsibleOf(
          match.client?.responsible ?? null,
          { known: reason('knownClient'), elsewhere: reason('knownClientElsewhere') },
          context,
        ),
        segment: match.client?.segment ?? null,
      };
    case 'ambiguous':
      return ambiguous(context);
  }
}

function ambiguous(context: RouteContext): ClientFacts {
  const heads = context.match.candidates.map((candidate) => context.client(candidate.client.id));
  const responsible = shared(heads.map((head) => head?.responsible ?? null));
  const segment = shared(heads.map((head) => head?.segment ?? null));
  const count = heads.length;
  if (responsible === null) return { responsible: null, segment, note: noted(reason('sharedNumber', { count })) };
  return {
    ...responsibleOf(
      responsible,
      { known: reason('sharedNumberOwned', { count }), elsewhere: reason('sharedNumberElsewhere', { count }) },
      context,
    ),
    segment,
  };
}

/** The common value, or null. */
function shared(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

function responsibleOf(
  id: string | null,
  reasons: { readonly known: Reason; readonly elsewhere: Reason },
  { staff }: RouteContext,
): Omit<ClientFacts, 'segment'> {
  if (id === null) return { responsible: null, note: noted(reason('knownClientUnowned')) };
  const responsible = staff.byId(id);
  if (responsible === null) return { responsible, note: noted(reasons.elsewhere) };
  return { responsible, note: noted(reasons.known, reason('responsibleIs', { manager: responsible.name })) };
}

function noted(...reasons: readonly Reason[]): TraceStep {
  return traceStep('client', 'noted', reasons);
}

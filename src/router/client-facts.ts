import type { TraceStep } from '../domain/interaction.ts';
import type { Manager } from '../domain/manager.ts';
import type { RouteContext } from './context.ts';

/** What the match tells routing: whose client it is. `note` says it in words, for the trace. */
export interface ClientFacts {
  readonly responsible: Manager | null;
  readonly segment: string | null;
  readonly note: TraceStep;
}

/** Reads the match. Of several candidates only what they all share is taken. */
export function clientFacts(context: RouteContext): ClientFacts {
  const { match } = context;
  switch (match.outcome) {
    case 'unknown':
      return { responsible: null, segment: null, note: noted('the caller is not a known client') };
    case 'matched':
      return {
        ...responsibleOf(match.client?.responsible ?? null, 'the caller is a known client', context),
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
  const several = `${heads.length} clients have the caller's number`;
  if (responsible === null)
    return { responsible: null, segment, note: noted(`${several} and they have no manager in common`) };
  return { ...responsibleOf(responsible, `${several}, all of one manager`, context), segment };
}

/** The value that all have, or null. */
function shared(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

function responsibleOf(id: string | null, words: string, { staff }: RouteContext): Omit<ClientFacts, 'segment'> {
  if (id === null) return { responsible: null, note: noted(`${words} without a responsible manager`) };
  const responsible = staff.byId(id);
  if (responsible === null)
    return { responsible, note: noted(`${words}, but the responsible manager the CRM names is not configured here`) };
  return { responsible, note: noted(`${words}; responsible is ${responsible.name}`) };
}

function noted(why: string): TraceStep {
  return { rule: 'client', outcome: 'noted', why };
}

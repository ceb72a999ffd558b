import type { Manager } from '../domain/directory/manager.ts';
import type { TraceStep } from '../domain/interaction/interaction.ts';
import { inOneText, say } from '../domain/routing/trace-words.ts';
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
      return { responsible: null, segment: null, note: noted(say('unknownCaller')) };
    case 'matched':
      return {
        ...responsibleOf(
          match.client?.responsible ?? null,
          { known: say('known'), elsewhere: say('knownElsewhere') },
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
  if (responsible === null) return { responsible: null, segment, note: noted(say('shared', { count })) };
  return {
    ...responsibleOf(
      responsible,
      { known: say('sharedOwned', { count }), elsewhere: say('sharedElsewhere', { count }) },
      context,
    ),
    segment,
  };
}

/** The value that all have, or null. */
function shared(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

function responsibleOf(
  id: string | null,
  words: { readonly known: string; readonly elsewhere: string },
  { staff }: RouteContext,
): Omit<ClientFacts, 'segment'> {
  if (id === null) return { responsible: null, note: noted(say('knownUnowned')) };
  const responsible = staff.byId(id);
  if (responsible === null) return { responsible, note: noted(words.elsewhere) };
  return { responsible, note: noted(inOneText([words.known, say('responsible', { manager: responsible.name })])) };
}

function noted(why: string): TraceStep {
  return { rule: 'client', outcome: 'noted', why };
}

import { eventKey } from '../../domain/base/ids.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { RouteQuestion } from '../../domain/routing/routing.ts';

/** What a FastAGI request tells: the `agi_…` variables and the query of `agi://host/route?…`. */
export interface AgiFacts {
  readonly variables: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

const mostTried = 50;
const longest = 128;
/** What Asterisk says where it knows nothing. */
const nothing = new Set(['', 'unknown', 'anonymous', 'private', 'unavailable', '(null)']);

/** The question a FastAGI request asks. The line is `?line=`, else the DID, else the extension that was called. */
export function agiQuestion(facts: AgiFacts, connection: string, now: number): RouteQuestion {
  const told = (name: string): string | null => {
    const value = cleanText(facts.variables[name] ?? '', longest);
    return nothing.has(value.toLowerCase()) ? null : value;
  };
  const uniqueid = told('agi_uniqueid');
  return {
    connection,
    phone: told('agi_callerid') ?? '',
    line: asked(facts.query, 'line') ?? told('agi_dnid') ?? told('agi_extension'),
    at: now,
    tried: triedOf(facts.query),
    call: uniqueid === null ? null : eventKey(connection, uniqueid),
  };
}

function asked(query: URLSearchParams, name: string): string | null {
  return cleanText(query.get(name) ?? '', longest) || null;
}

function triedOf(query: URLSearchParams): readonly string[] {
  const tried = (query.get('tried') ?? '').slice(0, mostTried * longest).split(/[,&]/);
  return tried
    .map((one) => cleanText(one, longest))
    .filter((one) => one !== '')
    .slice(0, mostTried);
}

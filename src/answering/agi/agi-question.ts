import { parseChannelName } from '../../connectors/asterisk/endpoints/channel-name.ts';
import type { NumberRules } from '../../connectors/asterisk/numbers/number-rules.ts';
import { eventKey } from '../../domain/base/ids.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { RouteQuestion } from '../../domain/routing/routing.ts';

/** Data of a FastAGI request: the `agi_…` variables and the query of `agi://host/route?…`. */
export interface AgiFacts {
  readonly variables: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

const maxTried = 50;
const maxLength = 128;
/** Values by which Asterisk says that it does not know. */
const unknownValues = new Set(['', 'unknown', 'anonymous', 'private', 'unavailable', '(null)']);

/** Reads the routing question of a FastAGI request. The line is `?line=`, else the DID, else the called extension. */
export function agiQuestion(facts: AgiFacts, connection: string, numbers: NumberRules, now: number): RouteQuestion {
  const known = (name: string): string | null => {
    const value = cleanText(facts.variables[name] ?? '', maxLength);
    return unknownValues.has(value.toLowerCase()) ? null : value;
  };
  const uniqueid = known('agi_uniqueid');
  const phone = known('agi_callerid') ?? '';
  const trunk = parseChannelName(known('agi_channel') ?? '').endpoint;
  return {
    connection,
    phone: numbers.read(phone, 'inbound', trunk) ?? phone,
    line: parameter(facts.query, 'line') ?? known('agi_dnid') ?? known('agi_extension'),
    at: now,
    tried: triedOf(facts.query),
    call: uniqueid === null ? null : eventKey(connection, uniqueid),
  };
}

function parameter(query: URLSearchParams, name: string): string | null {
  return cleanText(query.get(name) ?? '', maxLength) || null;
}

function triedOf(query: URLSearchParams): readonly string[] {
  const tried = (query.get('tried') ?? '').slice(0, maxTried * maxLength).split(/[,&]/);
  return tried
    .map((one) => cleanText(one, maxLength))
    .filter((one) => one !== '')
    .slice(0, maxTried);
}

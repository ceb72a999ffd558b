import { Type } from 'typebox';
import { defaultAnswer } from '../answering/answer-question.ts';
import { type ClientId, eventKey } from '../domain/base/ids.ts';
import { normaliseEmail, parsePhone } from '../domain/directory/identifiers.ts';
import { decideMatch, type MatchDecision, withCompany } from '../domain/directory/match.ts';
import type { Identifier, Named } from '../domain/interaction/interaction.ts';
import type { ContactReader } from '../domain/ports/readers.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { RouteAnswer } from '../domain/routing/routing.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, principalOf, readerOf } from './principal.ts';
import { Problem } from './problem.ts';
import { answers, named, strictObject, words } from './schemas/common.ts';

const Word = Type.String({ maxLength: 256 });

const MatchQuery = strictObject({ phone: Type.Optional(Word), email: Type.Optional(Word) });
const RouteQuery = strictObject({
  phone: Type.Optional(Word),
  line: Type.Optional(Word),
  format: Type.Optional(words('json', 'dial')),
  call: Type.Optional(Type.String({ maxLength: 128, description: "The PBX's own id of the call (UNIQUEID)." })),
  connection: Type.Optional(Type.String({ maxLength: 64 })),
  tried: Type.Optional(Type.String({ maxLength: 1024, description: 'Managers or extensions rung already, by comma.' })),
});
type MatchAnswer = Pick<MatchDecision, 'outcome' | 'decidedBy' | 'by' | 'candidates'> & {
  readonly client: Named | null;
};
type RouteTold = Omit<RouteAnswer, 'turn'> & { readonly dial: string };

/** Who is it, and where should it go: questions that change nothing. */
export function lookupRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const matching = {
    tags: ['match'],
    querystring: MatchQuery,
    response: answers({ 200: named<MatchAnswer>('Match') }),
  };
  app.get('/match', { onRequest, schema: matching }, async (request) => {
    const identifiers: Identifier[] = [];
    const { phone, email } = request.query;
    if (phone === undefined && email === undefined) {
      const errors = [{ path: '', code: 'required', message: 'expected phone or email' }];
      throw new Problem('invalid', 'the query is not as expected', errors);
    }
    const number = phone === undefined ? null : parsePhone(phone, deps.settings.country).phone;
    const address = email === undefined ? null : normaliseEmail(email);
    if (number !== null) identifiers.push({ kind: 'phone', value: number });
    if (address !== null) identifiers.push({ kind: 'email', value: address });
    const { directory, read } = deps.store;
    const match = await withCompany(
      decideMatch(directory, identifiers),
      { email: address },
      deps.settings.publicMail ?? [],
      (domain) => read.clientsOfDomain(domain),
    );
    const { decidedBy, by, outcome, client, candidates } = await seenMatch(match, readerOf(deps, request));
    return { outcome, decidedBy, by, client: client && { id: client.id, name: client.name }, candidates };
  });

  const routing = {
    tags: ['route'],
    querystring: RouteQuery,
    response: answers({ 200: named<RouteTold>('Route') }),
  };
  app.get('/route', { onRequest, schema: routing }, async (request, reply) => {
    const { phone = '', line, format, call, connection = null, tried } = request.query;
    const question = {
      connection,
      phone,
      line: line ?? null,
      at: deps.clock.now(),
      tried:
        tried === undefined
          ? []
          : tried
              .split(',')
              .map((one) => one.trim())
              .filter(Boolean)
              .slice(0, 50),
      call: call !== undefined && connection !== null ? eventKey(connection, call) : null,
    };
    const { view } = principalOf(request);
    if (view !== null) throw new Problem('forbidden', 'where calls go is told to accounts that see the whole company');
    const answer = await answerInTime(deps, () => deps.answer(question));
    const dial = deps.dial(connection, answer);
    // What stands behind `CURL()` in a dialplan is dialled as it is: nothing but the dial string, no line end.
    if (format === 'dial') return reply.type('text/plain; charset=utf-8').send(dial.replace(/[\r\n]/g, '') as never);
    const { turn: _turn, ...told } = answer;
    return { ...told, dial };
  });
}

/** A match as somebody sees it who does not see all clients: the others are not there. */
async function seenMatch(match: MatchDecision, reader: ContactReader): Promise<MatchDecision> {
  const ids = new Set([...match.candidates.map((one) => one.client.id), ...(match.client ? [match.client.id] : [])]);
  const seen = new Set<string>();
  for (const id of ids) if ((await reader.client(id as ClientId)) !== null) seen.add(id);
  if (seen.size === ids.size) return match;
  const candidates = match.candidates.filter((one) => seen.has(one.client.id));
  const client = match.client !== null && seen.has(match.client.id) ? match.client : null;
  const outcome = client !== null ? 'matched' : candidates.length > 0 ? 'ambiguous' : 'unknown';
  return { ...match, outcome, client, contact: client === null ? null : match.contact, candidates };
}

/** The answer, or `default` when it does not come in time or at all: a caller waits. */
async function answerInTime(deps: ApiDeps, ask: () => Promise<RouteAnswer>): Promise<RouteAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RouteAnswer>((resolve) => {
    timer = setTimeout(() => resolve(defaultAnswer([reason('answerLate')])), deps.settings.routeDeadline);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    deps.log.error({ err: error }, 'a question for a route could not be answered');
    return defaultAnswer([reason('decisionFailed')]);
  } finally {
    clearTimeout(timer);
  }
}

import { Type } from 'typebox';
import { defaultAnswer } from '../answering/answer-question.ts';
import { type ClientId, eventKey } from '../domain/base/ids.ts';
import { normaliseEmail } from '../domain/directory/email-address.ts';
import { parsePhone } from '../domain/directory/identifiers.ts';
import { decideMatch, type MatchDecision, withCompany } from '../domain/directory/match.ts';
import type { Identifier, Named } from '../domain/interaction/interaction.ts';
import type { ContactReader } from '../domain/ports/readers.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { RouteAnswer } from '../domain/routing/routing.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, principalOf, readerOf } from './principal.ts';
import { Problem } from './problem.ts';
import { answers, jsonOr, schemaRef, strictObject, words } from './schemas/common.ts';

const word = (description: string) => Type.Optional(Type.String({ maxLength: 256, description }));

const MatchQuery = strictObject({
  phone: word('A phone number in any notation.'),
  email: word('An e-mail address. At least one of `phone` and `email` is required.'),
});
const RouteQuery = strictObject({
  phone: word("The caller's number."),
  line: word('The number that was dialled, or the id of a line.'),
  format: Type.Optional({
    ...words('json', 'dial'),
    description: '`dial` answers the bare dial string, for `CURL()`.',
  }),
  call: Type.Optional(Type.String({ maxLength: 128, description: "The PBX's own id of the call (UNIQUEID)." })),
  connection: Type.Optional(Type.String({ maxLength: 64, description: 'The connection of the PBX that asks.' })),
  tried: Type.Optional(
    Type.String({ maxLength: 1024, description: 'Managers or extensions already rung, separated by commas.' }),
  ),
});
type MatchAnswer = Pick<MatchDecision, 'outcome' | 'decidedBy' | 'by' | 'candidates'> & {
  readonly client: Named | null;
};
type RouteView = Omit<RouteAnswer, 'turn'> & { readonly dial: string };

/** Who is calling, and where should the call go? These questions change nothing. */
export function lookupRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const matching = {
    operationId: 'matchClient',
    summary: 'Find the client of a number or address',
    tags: ['match'],
    querystring: MatchQuery,
    response: answers({ 200: schemaRef<MatchAnswer>('Match') }),
  };
  app.get('/match', { onRequest, schema: matching }, async (request) => {
    const identifiers: Identifier[] = [];
    const { phone, email } = request.query;
    if (phone === undefined && email === undefined) {
      const errors = [{ path: '', code: 'required', message: 'expected `phone` or `email`' }];
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
    operationId: 'decideRoute',
    summary: 'Decide where a call goes',
    description: 'Answers within the deadline in any case. When there is no decision in time, it is `default`.',
    tags: ['route'],
    querystring: RouteQuery,
    response: answers({ 200: jsonOr(schemaRef<RouteView>('Route'), 'The decision.', 'text/plain', 'PJSIP/101') }),
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
    if (view !== null)
      throw new Problem('forbidden', 'only accounts that see the whole company may ask where calls go');
    const answer = await answerInTime(deps, () => deps.answer(question));
    const dial = deps.dial(connection, answer);
    // A dialplan dials what CURL() returns. It must be the dial string alone, without a line end.
    if (format === 'dial') return reply.type('text/plain; charset=utf-8').send(dial.replace(/[\r\n]/g, '') as never);
    const { turn: _turn, ...shown } = answer;
    return { ...shown, dial };
  });
}

/** The match without clients that the account can't see. */
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

/** The answer, or `default` when there is none in time: a caller is waiting. */
async function answerInTime(deps: ApiDeps, ask: () => Promise<RouteAnswer>): Promise<RouteAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RouteAnswer>((resolve) => {
    timer = setTimeout(() => resolve(defaultAnswer([reason('answerLate')])), deps.settings.routeDeadline);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    deps.log.error({ err: error }, 'a routing question failed');
    return defaultAnswer([reason('decisionFailed')]);
  } finally {
    clearTimeout(timer);
  }
}

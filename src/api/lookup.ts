import { Type } from 'typebox';
import { normaliseEmail, parsePhone } from '../domain/identifiers.ts';
import { eventKey } from '../domain/ids.ts';
import type { Identifier } from '../domain/interaction.ts';
import { decideMatch } from '../domain/match.ts';
import type { RouteAnswer } from '../domain/routing.ts';
import { defaultAnswer } from '../intake/answering/answer.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow } from './principal.ts';
import { Problem } from './problem.ts';

const strict = { additionalProperties: false } as const;
const Word = Type.String({ maxLength: 256 });

const MatchQuery = Type.Object({ phone: Type.Optional(Word), email: Type.Optional(Word) }, strict);
const RouteQuery = Type.Object(
  {
    phone: Type.Optional(Word),
    line: Type.Optional(Word),
    format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('dial')])),
    call: Type.Optional(Type.String({ maxLength: 128, description: "The PBX's own id of the call (UNIQUEID)." })),
    connection: Type.Optional(Type.String({ maxLength: 64 })),
    tried: Type.Optional(
      Type.String({ maxLength: 1024, description: 'Managers or extensions rung already, by comma.' }),
    ),
  },
  strict,
);

/** Who is it, and where should it go: questions that change nothing. */
export function lookupRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  app.get('/match', { onRequest, schema: { tags: ['match'], querystring: MatchQuery } }, async (request) => {
    const identifiers: Identifier[] = [];
    const { phone, email } = request.query;
    if (phone === undefined && email === undefined) throw new Problem('invalid', 'expected phone or email');
    const number = phone === undefined ? null : parsePhone(phone, deps.settings.country).phone;
    const address = email === undefined ? null : normaliseEmail(email);
    if (number !== null) identifiers.push({ kind: 'phone', value: number });
    if (address !== null) identifiers.push({ kind: 'email', value: address });
    const { outcome, decidedBy, by, candidates } = decideMatch(deps.store.directory, identifiers);
    return { outcome, decidedBy, by, candidates };
  });

  app.get('/route', { onRequest, schema: { tags: ['route'], querystring: RouteQuery } }, async (request, reply) => {
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
    const answer = await answerInTime(deps, () => deps.answer(question));
    const dial = deps.dial(connection, answer);
    // What stands behind `CURL()` in a dialplan is dialled as it is: nothing but the dial string, no line end.
    if (format === 'dial') return reply.type('text/plain; charset=utf-8').send(dial.replace(/[\r\n]/g, ''));
    const { turn: _turn, ...told } = answer;
    return { ...told, dial };
  });
}

/** The answer, or `default` when it does not come in time or at all: a caller waits. */
async function answerInTime(deps: ApiDeps, ask: () => Promise<RouteAnswer>): Promise<RouteAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RouteAnswer>((resolve) => {
    timer = setTimeout(() => resolve(defaultAnswer('no answer within the deadline')), deps.settings.routeDeadline);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    deps.log.error({ err: error }, 'a question for a route could not be answered');
    return defaultAnswer('the decision failed');
  } finally {
    clearTimeout(timer);
  }
}

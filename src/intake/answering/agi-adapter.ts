import { type AgiRequest, quoteAgi } from '../../connectors/asterisk/agi/request.ts';
import { AgiServer } from '../../connectors/asterisk/agi/server.ts';
import type { Logger } from '../../runtime/log.ts';
import { agiQuestion } from './agi-question.ts';
import { agiVariables } from './agi-variables.ts';
import type { Answerer } from './answerer.ts';
import type { AgiListener } from './messages.ts';

/** A FastAGI server that answers `/route` for one connection. Other paths get no variables; their dialplan goes on. */
export function agiServerFor(listener: AgiListener, answerer: Answerer, log: Logger): AgiServer {
  return new AgiServer({ host: listener.host, port: listener.port, log }, async (request, session) => {
    for (const command of commandsFor(request, listener, answerer)) {
      // One at a time: Asterisk reads commands through a buffered stream but polls the socket, so that
      // what is sent ahead may lie in its buffer until something more arrives.
      await session.commands([command]);
    }
  });
}

function commandsFor(request: AgiRequest, listener: AgiListener, answerer: Answerer): readonly string[] {
  if (request.path !== 'route') return [];
  const since = performance.now();
  const question = agiQuestion(request, listener.connection, Date.now());
  const answer = answerer.answer(question, since);
  answerer.tell(question, answer);
  return agiVariables(answer, listener.dial).map(([name, value]) => `SET VARIABLE ${name} ${quoteAgi(value)}`);
}

import { AllowedPeers } from '../../connectors/asterisk/agi/allowed-peers.ts';
import { doctorAnswer } from '../../connectors/asterisk/agi/doctor.ts';
import { type AgiRequest, setVariable } from '../../connectors/asterisk/agi/request.ts';
import { AgiServer } from '../../connectors/asterisk/agi/server.ts';
import { NumberRules } from '../../connectors/asterisk/numbers/number-rules.ts';
import type { NumberRegion } from '../../domain/directory/number-region.ts';
import type { Logger } from '../../runtime/log.ts';
import type { Answerer } from '../thread/answerer.ts';
import type { AgiListener } from '../thread/messages.ts';
import { agiQuestion } from './agi-question.ts';
import { agiVariables } from './agi-variables.ts';

/** FastAGI server of one connection. It answers `/route` and `/doctor`; for other paths it sets no variables, and the dialplan continues. */
export function agiServerFor(listener: AgiListener, region: NumberRegion, answerer: Answerer, log: Logger): AgiServer {
  const { host, port, allow, maxConnections } = listener;
  const numbers = new NumberRules(listener.numbers, region);
  return new AgiServer({ host, port, maxConnections, peers: new AllowedPeers(allow), log }, (request) => {
    if (request.path === 'route') return route(request, listener, numbers, answerer);
    return request.path === 'doctor' ? doctorAnswer(request, listener.connection) : [];
  });
}

function route(
  request: AgiRequest,
  listener: AgiListener,
  numbers: NumberRules,
  answerer: Answerer,
): readonly string[] {
  const since = performance.now();
  const question = agiQuestion(request, listener.connection, numbers, Date.now());
  const answer = answerer.answer(question, since);
  answerer.report(question, answer);
  return agiVariables(answer, listener.dial).map(([name, value]) => setVariable(name, value));
}

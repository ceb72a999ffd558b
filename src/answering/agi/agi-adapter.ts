import { AllowedPeers } from '../../connectors/asterisk/agi/allowed-peers.ts';
import { doctorAnswer } from '../../connectors/asterisk/agi/doctor.ts';
import { HourlyLog } from '../../connectors/asterisk/agi/hourly-log.ts';
import { type AgiRequest, setVariable } from '../../connectors/asterisk/agi/request.ts';
import { AgiServer } from '../../connectors/asterisk/agi/server.ts';
import { NumberRules } from '../../connectors/asterisk/numbers/number-rules.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { NumberRegion } from '../../domain/directory/number-region.ts';
import type { Logger } from '../../runtime/log.ts';
import type { Answerer } from '../thread/answerer.ts';
import type { AgiListener } from '../thread/messages.ts';
import { agiQuestion } from './agi-question.ts';
import { agiVariables } from './agi-variables.ts';

/**
 * FastAGI server of one connection. It answers `/doctor` and `/route`; no path at all also means `/route`. For other paths it sets
 * no variables, and the dialplan continues.
 */
export function agiServerFor(listener: AgiListener, region: NumberRegion, answerer: Answerer, log: Logger): AgiServer {
  const { connection, host, port, allow, maxConnections, charset } = listener;
  const numbers = new NumberRules(listener.numbers, region);
  const unknownPaths = new HourlyLog((path) =>
    log.warn({ connection, path }, 'FastAGI was asked for a path that does not exist; write agi://HOST:PORT/route'),
  );
  const withoutLine = new HourlyLog((path) =>
    log.warn(
      { connection, path },
      'FastAGI was asked without the called number; write agi://HOST:PORT/route?line=NUMBER if routes depend on the line',
    ),
  );
  const route = (request: AgiRequest) => {
    const since = performance.now();
    const question = agiQuestion(request, connection, numbers, Date.now());
    if (question.line === null) withoutLine.note(request.path);
    const answer = answerer.answer(question, since);
    answerer.report(question, answer);
    return agiVariables(answer, listener.dial).map(([name, value]) => setVariable(name, value));
  };
  return new AgiServer({ host, port, maxConnections, charset, peers: new AllowedPeers(allow), log }, (request) => {
    if (request.path === '' || request.path === 'route') return route(request);
    if (request.path === 'doctor') return doctorAnswer(request, connection);
    unknownPaths.note(cleanText(request.path, 64));
    return [];
  });
}

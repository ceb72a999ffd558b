import { connect } from 'node:net';

/** The channel variables that the dialplan would see after `AGI(agi://…/route)`. */
export type RouteVariables = ReadonlyMap<string, string>;

/** The data of one FastAGI request by Asterisk. */
export interface AgiQuestion {
  readonly port: number;
  readonly channel: string;
  readonly uniqueid: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly did: string;
  /** Extensions that have already been tried and did not answer. */
  readonly tried: readonly string[];
}

/** Asks Patchbay over FastAGI where a call goes, as `res_agi` does. Resolves with an empty map without an answer within 2 s. */
export function askRoute(question: AgiQuestion): Promise<RouteVariables> {
  return new Promise((resolve) => {
    const variables = new Map<string, string>();
    const socket = connect(question.port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(variables));
    socket.on('connect', () => socket.write(environmentOf(question)));
    let buffer = '';
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
        const match = /^SET VARIABLE "?([^" ]+)"? "((?:[^"\\]|\\.)*)"$/.exec(buffer.slice(0, end).trim());
        if (match?.[1] !== undefined) variables.set(match[1], (match[2] ?? '').replace(/\\(.)/g, '$1'));
        buffer = buffer.slice(end + 1);
        socket.write('200 result=1\n');
      }
    });
  });
}

function environmentOf(question: AgiQuestion): string {
  const query = question.tried.length === 0 ? '' : `?tried=${question.tried.join(',')}`;
  const lines = {
    network: 'yes',
    network_script: `route${query}`,
    request: `agi://127.0.0.1:${question.port}/route${query}`,
    channel: question.channel,
    language: 'ru',
    type: 'PJSIP',
    uniqueid: question.uniqueid,
    version: '22.0-scripted',
    callerid: question.callerNumber === '' ? 'unknown' : question.callerNumber,
    calleridname: question.callerName === '' ? 'unknown' : question.callerName,
    dnid: question.did,
    rdnis: 'unknown',
    context: 'patchbay-inbound',
    extension: question.did,
    priority: '1',
    enhanced: '0.0',
    accountcode: '',
    threadid: '1',
  };
  const text = Object.entries(lines).map(([key, value]) => `agi_${key}: ${value}\n`);
  return `${text.join('')}\n`;
}

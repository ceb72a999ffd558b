import { Signature } from '../../../src/runtime/http/standard-webhooks.ts';
import type { AttackedProgram } from './program.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The settings of a connection `chat` that takes signed messages of `kind: webhook`. */
export const chatConnection = { chat: { kind: 'webhook', secret, account: 'odno' } };

/** Brings a signed message to the connection `chat`; answers the status. */
export async function bring(program: AttackedProgram, message: object | string): Promise<number> {
  const body = typeof message === 'string' ? message : JSON.stringify({ type: 'message', ...message });
  const headers = { 'content-type': 'application/json', ...new Signature(secret).sign('m', Date.now(), body) };
  const answer = await fetch(`${program.url}/api/v1/hooks/chat`, { method: 'POST', headers, body });
  return answer.status;
}

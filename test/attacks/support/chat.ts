import { Signature } from '../../../src/runtime/http/standard-webhooks.ts';
import type { AttackedProgram } from './program.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The settings of a connection `chat` that accepts signed messages of `kind: webhook`. */
export const chatConnection = { chat: { kind: 'webhook', secret, account: 'odno' } };

/** Sends a signed message to the connection `chat`; returns the status. */
export async function sendMessage(program: AttackedProgram, message: object | string): Promise<number> {
  const body = typeof message === 'string' ? message : JSON.stringify({ type: 'message', ...message });
  const headers = { 'content-type': 'application/json', ...new Signature(secret).sign('m', Date.now(), body) };
  const answer = await fetch(`${program.url}/api/v1/hooks/chat`, { method: 'POST', headers, body });
  return answer.status;
}

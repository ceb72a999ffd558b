import { cleanText } from '../../../domain/directory/identifiers.ts';
import type { AttemptResult, Destination, DestinationContext, DestinationDefinition } from '../contract.ts';
import { parseLink, type WebhookConfig, WebhookSchema } from './schema.ts';
import { createSigner, webhookId } from './sign.ts';

/** Answers longer than this are cut: what a receiver has to say fits, and a broken one can't fill our memory. */
const maxAnswerBytes = 64 * 1024;
const excerptLength = 300;
/** Client errors that say "later" rather than "never". */
const passing = new Set([408, 409, 425, 429]);
const longestAskedWait = 24 * 3600_000;

/** Posts interactions to a URL with Standard Webhooks signatures; see readme.md beside. */
export const webhookDestination: DestinationDefinition<WebhookConfig> = {
  kind: 'webhook',
  schema: WebhookSchema,
  create: createWebhook,
};

function createWebhook(config: WebhookConfig, { name, clock }: DestinationContext): Destination {
  const sign = createSigner(config.secret);
  const timeout = (config.timeout ?? 15) * 1000;
  return {
    async deliver({ interaction }, signal) {
      const now = clock.now();
      const body = JSON.stringify({
        type: 'interaction.updated',
        timestamp: new Date(now).toISOString(),
        data: interaction,
      });
      try {
        const response = await fetch(config.url, {
          method: 'POST',
          redirect: 'manual',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': 'Patchbay',
            accept: 'application/json',
            ...sign(webhookId(name, interaction.id, interaction.revision), now, body),
          },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
        });
        return judge(response, await readCapped(response), now);
      } catch (error) {
        return { kind: 'retry', error: `no answer: ${reason(error, timeout)}`, after: null, status: null };
      }
    },
  };
}

function judge(response: Response, body: string, now: number): AttemptResult {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'done', link: parseLink(body) };
  const error = `HTTP ${status}: ${cleanText(body, excerptLength)}`;
  if (status >= 400 && status < 500 && !passing.has(status)) return { kind: 'park', error, status };
  if (status >= 300 && status < 400) {
    // Following would post a client's data wherever the answer points.
    return { kind: 'retry', error: `HTTP ${status}: a redirect, which is not followed`, after: null, status };
  }
  return { kind: 'retry', error, after: askedWait(response.headers.get('retry-after'), now), status };
}

/** `Retry-After` in milliseconds: seconds or an HTTP date; null when absent or rubbish. */
export function askedWait(header: string | null, now: number): number | null {
  if (header === null) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, longestAskedWait) : null;
}

async function readCapped(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    chunks.push(chunk);
    // Leaving the loop cancels the body and with it the connection.
    if (size > maxAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8');
}

function reason(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return 'unknown trouble';
  if (error.name === 'TimeoutError') return `not within ${timeout / 1000} s`;
  if (error.name === 'AbortError') return 'given up because the program stops';
  const cause = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  return cleanText(code ?? error.message, 200);
}

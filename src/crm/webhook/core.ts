import type { AttemptResult, Destination } from '../../domain/delivery/destination.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { type HttpAnswer, HttpClient } from '../../runtime/http/client.ts';
import { retryAfter } from '../../runtime/http/retry-after.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';
import { Signature } from '../../runtime/http/standard-webhooks.ts';
import type { CoreContext, CoreDefinition } from '../contract.ts';
import { webhookId } from './message-id.ts';
import { parseLink, usualTimeout, type WebhookConfig, WebhookSchema } from './schema.ts';

/** Longer answers are cut. Real answers fit, and a broken receiver must not fill our memory. */
const maxAnswerBytes = 64 * 1024;
const excerptLength = 300;
/** Client errors that are temporary. */
const passing = new Set([408, 409, 425, 429]);
const maxRetryAfter = 24 * 3600_000;

/** Posts interactions to a URL with Standard Webhooks signatures; see readme.md in this folder. */
export const webhook: CoreDefinition<WebhookConfig, 'interaction'> = {
  kind: 'webhook',
  schema: WebhookSchema,
  wants: ['interaction'],
  create: createWebhook,
};

function createWebhook(config: WebhookConfig, { name, clock }: CoreContext): Destination<'interaction'> {
  const signature = new Signature(config.secret);
  // A repeat carries the same id, so that one does no harm: connections are used again.
  const http = new HttpClient(name, { timeout: config.timeout ?? usualTimeout, largestFile: 1 }, null, 'pooled');
  return {
    async deliver({ interaction }, signal) {
      const now = clock.now();
      const body = JSON.stringify({
        type: 'interaction.updated',
        timestamp: new Date(now).toISOString(),
        data: interaction,
      });
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        ...signature.sign(webhookId(name, interaction.id, interaction.revision), now, body),
      };
      try {
        const answer = await http.request({
          method: 'POST',
          url: config.url,
          headers,
          body,
          cutAt: maxAnswerBytes,
          signal,
        });
        return judge(name, answer, now);
      } catch (error) {
        return { kind: 'retry', reason: asServiceError(error).reason, after: null, status: null };
      }
    },
  };
}

function judge(service: string, { status, headers, body }: HttpAnswer, now: number): AttemptResult {
  if (status >= 200 && status < 300) return { kind: 'done', link: parseLink(body) };
  const values = { service, status, said: cleanText(body, excerptLength) };
  if (status >= 400 && status < 500 && !passing.has(status))
    return { kind: 'park', reason: reason('serviceRefused', values), status };
  // Following a redirect would post a client's data wherever the answer points.
  if (status >= 300 && status < 400)
    return { kind: 'retry', reason: reason('redirected', { service, status }), after: null, status };
  const why = reason(status >= 500 ? 'serviceFailed' : 'serviceBusy', values);
  return { kind: 'retry', reason: why, after: retryAfter(headers, now, maxRetryAfter), status };
}

import fastifyMultipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { Type } from 'typebox';
import type { ApiDeps, App } from '../../api/deps.ts';
import { answers, bytes, ref } from '../../api/schemas/common.ts';
import type { InteractionId } from '../../domain/base/ids.ts';
import { StoreUnavailableError } from '../../domain/ports/store.ts';
import { codeOf } from '../../domain/written/contact-code.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import { contactOf } from '../reading/contact.ts';
import { fieldsOfPairs } from '../reading/fields.ts';
import { readSubmission, type Submission } from '../reading/submission.ts';
import { answerAccepted, type Taken } from './answer.ts';
import { type FormBody, maxBodyBytes, notStored, readBody } from './body.ts';
import { CallBackDesk } from './call-back.ts';
import { CaptchaCheck } from './captcha-check.ts';
import { FormGate, type OpenForm } from './gate.ts';
import { giveNumber, poolOf } from './numbers.ts';
import { addFormParsers } from './parsers.ts';
import { FormRefusal, type RefusalReason } from './refusal.ts';
import { FormTakenSchema, ShownNumberSchema } from './schemas.ts';
import { Widget, widgetAge } from './widget.ts';

const params = Type.Object({
  line: Type.String({ maxLength: 64, description: 'The id of a line of the channel `form`.', examples: ['site'] }),
});
const open = { tags: ['forms'], params, security: [] };
const scripting = {
  ...open,
  operationId: 'getFormScript',
  summary: 'Get the script for a site',
  description: "Sends the site's forms here.",
  response: answers({ 200: bytes('The script.', 'text/javascript', '(() => { … })();') }),
};
/** Bodies as documentation: the parsers of this folder read them, and no schema validates them. */
const body = (examples: Readonly<Record<string, object>>) =>
  Type.Unsafe<unknown>({
    content: Object.fromEntries(
      Object.entries(examples).map(([type, example]) => [type, { schema: { examples: [example] } }]),
    ),
  });
const fields = { name: 'Ivan', phone: '8 916 123-45-67', comment: 'How much are forty chairs?' };
const showing = {
  ...open,
  operationId: 'holdNumber',
  summary: 'Show a visit its own phone number',
  description: 'The body has the name of the visit, and marks of the campaign if there are any.',
  body: body({ 'application/json': { visit: 'visit-4711', utm_source: 'yandex' } }),
  response: answers({ 200: ref(ShownNumberSchema) }),
};
const submitting = {
  ...open,
  operationId: 'submitForm',
  summary: 'Submit a form',
  description:
    'The fields as JSON, urlencoded, or multipart with files. Repeating an `Idempotency-Key` does not submit the form again.',
  body: body({
    'application/json': fields,
    'application/x-www-form-urlencoded': fields,
    'multipart/form-data': fields,
  }),
  response: answers({ 200: ref(FormTakenSchema) }),
};
/** Seconds for which a browser may cache a preflight. */
const preflightAge = 600;

declare module 'fastify' {
  interface FastifyRequest {
    /** The form of the request; null until the request is admitted. */
    form: OpenForm | null;
  }
}

/** The public form endpoint. A submission is answered only after its commit. */
export function formRoutes(app: App, deps: ApiDeps): void {
  const counter = new Counter({
    name: 'patchbay_forms_total',
    help: 'Form submissions, by outcome; rejected ones by reason.',
    labelNames: ['line', 'outcome'],
    registers: [deps.metrics],
  });
  const count = (line: string, outcome: 'accepted' | 'quarantined' | 'spam' | 'duplicate' | 'test' | RefusalReason) =>
    counter.inc({ line, outcome });
  const gate = new FormGate(deps);
  const widget = new Widget(deps);
  const captcha = new CaptchaCheck(deps.clock);
  const callBacks = new CallBackDesk(deps);

  app.register(async (plain) => {
    const scope = plain as App;
    addFormParsers(scope);
    await scope.register(fastifyMultipart);
    scope.decorateRequest('form', null);
    // Errors are only counted here. The shared error handler answers them.
    scope.addHook('onError', async (request, reply, error) => {
      // Do not read the rest of an oversized body.
      if (error.statusCode === 413 || (error instanceof FormRefusal && error.reason === 'too_large'))
        reply.header('connection', 'close');
      const line = request.form?.line.id ?? '';
      if (error instanceof FormRefusal) count(line, error.reason);
      else count(line, error.statusCode === 413 ? 'too_large' : 'unreadable');
    });

    scope.get('/forms/:line/widget.js', { schema: scripting, helmet: false }, async (request, reply) => {
      const { settings } = gate.form(request.params.line);
      const pool = poolOf(deps, { settings })?.pool ?? null;
      return reply
        .type('text/javascript; charset=utf-8')
        .headers({
          'cache-control': `public, max-age=${widgetAge}`,
          'cross-origin-resource-policy': 'cross-origin',
          'x-content-type-options': 'nosniff',
        })
        .send(widget.script(settings, pool) as never);
    });

    scope.post(
      '/forms/:line/number',
      {
        helmet: false,
        schema: showing,
        onRequest: async (request, reply) => {
          request.form = gate.admit(request, reply, (request.params as { line: string }).line, 'number');
        },
      },
      async (request) => {
        const { form } = request;
        if (form === null) throw new FormRefusal('unknown_line', 'not-found', 'no such form');
        return giveNumber(deps, form, request);
      },
    );

    scope.options('/forms/:line', { schema: { params, hide: true } }, async (request, reply) => {
      const { settings } = gate.form(request.params.line);
      if (!gate.allowOrigin(request, reply, settings))
        throw new FormRefusal('origin', 'forbidden', 'pages of this origin may not submit this form');
      return reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'content-type, idempotency-key')
        .header('access-control-max-age', preflightAge)
        .code(204)
        .send();
    });

    scope.post(
      '/forms/:line',
      {
        // The security headers of our own pages are useless here. The gate sets those that are needed.
        helmet: false,
        schema: submitting,
        onRequest: async (request, reply) => {
          request.form = gate.admit(request, reply, (request.params as { line: string }).line);
          refuseLarge(request, request.form);
        },
      },
      async (request, reply) => {
        const { form } = request;
        if (form === null) throw new FormRefusal('unknown_line', 'not-found', 'no such form');
        const body = await readBody(request, form.settings);
        try {
          const taken = await take(request, form, body);
          return answerAccepted(request, reply, taken, { settings: form.settings, language: deps.settings.language });
        } finally {
          await body.discard();
        }
      },
    );
  });

  async function take(request: FastifyRequest, form: OpenForm, body: FormBody): Promise<Taken> {
    const now = deps.clock.now();
    const { line, settings } = form;
    const submission = readSubmission([...outerFields(request), ...body.fields], settings, {
      country: deps.settings.country,
      referer: request.headers.referer ?? null,
      now,
    });
    if (submission.test) {
      count(line.id, 'test');
      return { ok: true, test: true };
    }
    await check(request, form, submission);
    const attachments = await body.keep(deps.blobs).catch((error: unknown) => {
      throw error instanceof StoreUnavailableError ? unavailable(error, line.id) : error;
    });
    const judged = form.trusted ? { ...submission, spam: false } : submission;
    const id = await commit(form, judged, attachments, now);
    if (id === 'kept') {
      count(line.id, 'quarantined');
      return { ok: true };
    }
    count(line.id, id === null ? 'duplicate' : judged.spam ? 'spam' : 'accepted');
    if (id === null) return { ok: true, duplicate: true };
    const wantsCall = judged.request === 'callback' && !judged.spam;
    const { waited } = judged;
    const language = judged.language ?? deps.settings.language;
    const callback = wantsCall ? await callBacks.answer(request, form, { id, language, waited }) : null;
    return { ok: true, id, code: codeOf(id), ...(callback !== null && { callback }) };
  }

  async function check(request: FastifyRequest, { settings, trusted }: OpenForm, submission: Submission) {
    if (!submission.reachable) throw unreachable(submission);
    if (trusted) return;
    if (settings.consent?.required && submission.consent === null) {
      const missing = { path: '/_pb_consent', code: 'required', message: 'the consent was not given' };
      throw new FormRefusal('consent', 'invalid', 'this form requires consent to the processing of personal data', [
        missing,
      ]);
    }
    if (settings.captcha === null) return;
    const verdict = await captcha.verdict(settings.captcha, submission.proof, request.ip);
    if (verdict !== 'pass')
      throw new FormRefusal('captcha', 'invalid', 'the captcha was not solved', [
        { path: '/captcha', code: verdict, message: 'expected a valid captcha; solve it again' },
      ]);
  }

  function unavailable(error: unknown, line: string): FormRefusal {
    deps.log.error({ err: error, line }, 'a form could not be stored');
    return notStored();
  }

  /** Commits a submission. Resolves with its interaction, null for a repeat, or `kept` if it was put into quarantine. */
  async function commit(
    { line, settings }: OpenForm,
    submission: Submission,
    attachments: readonly WrittenAttachment[],
    now: number,
  ): Promise<InteractionId | 'kept' | null> {
    const event = contactOf(submission, { line, settings, language: deps.settings.language, attachments, now });
    try {
      const [result] = await deps.intake.apply([{ op: 'contact', event }]);
      if (result?.ok === false) {
        await deps.quarantine.keepEvent(event, result.message);
        return 'kept';
      }
      const changes = result?.changes ?? [];
      return changes.find((change) => change.interaction.channel === 'form')?.interaction.id ?? null;
    } catch (error) {
      throw unavailable(error, line.id);
    }
  }
}

/** Rejects a body whose `Content-Length` is too large before it is read. */
function refuseLarge(request: FastifyRequest, { settings }: OpenForm): void {
  const { 'content-length': length, 'content-type': type = '' } = request.headers;
  const limit = maxBodyBytes(type, settings);
  if (Number(length ?? 0) <= limit) return;
  throw new FormRefusal('too_large', 'too-large', `expected at most ${limit} bytes, got a Content-Length of ${length}`);
}

/** Fields outside of the body: the idempotency key, and marks in the query of the URL. */
function outerFields({ headers, query }: FastifyRequest) {
  const pairs = Object.entries(query as Record<string, string | string[]>)
    .filter(([name]) => name !== 'token')
    .map(([name, value]): [string, string] => [name, String(Array.isArray(value) ? value.at(-1) : value)]);
  const key = headers['idempotency-key'];
  return fieldsOfPairs([...(typeof key === 'string' ? [['_pb_key', key] as const] : []), ...pairs]);
}

function unreachable({ phone, answers }: Submission): FormRefusal {
  if (answers.length === 0) return new FormRefusal('empty', 'invalid', 'no field of the form was filled in');
  const message =
    phone === null ? 'expected a phone number, an e-mail address or a message' : 'expected a phone number';
  return new FormRefusal('empty', 'invalid', 'the form contains no way to answer', [
    { path: '/phone', code: 'phone', message },
  ]);
}

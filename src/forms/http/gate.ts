import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from '../../api/deps.ts';
import { entryOf } from '../../domain/base/entry-of.ts';
import type { Line } from '../../domain/directory/manager.ts';
import { defaultFormSettings, type FormSettings } from '../../domain/written/form-settings.ts';
import { clientKey, isLoopback } from '../../runtime/networks.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import { Attempts } from './attempts.ts';
import { FormRefusal } from './refusal.ts';

/** The form of a request. `trusted` means that the sender authenticated itself with the form's token. */
export interface OpenForm {
  readonly line: Line;
  readonly settings: FormSettings;
  readonly trusted: boolean;
}

/** Decides who may submit a form, by origin, token and rate. It does not look at the content. */
export class FormGate {
  readonly #deps: ApiDeps;
  /** Counters by limit. Forms with the same limit share one. */
  readonly #attempts = new Map<number, Attempts>();

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  /** Finds a form by name. Throws if there is none. */
  form(name: string): { line: Line; settings: FormSettings } {
    const line = this.#deps.staff().lines.find(({ id, channel }) => channel === 'form' && id === name);
    if (line === undefined)
      throw new FormRefusal('unknown_line', 'not-found', 'no line of the channel "form" has this id');
    return { line, settings: entryOf(this.#deps.forms(), line.id) ?? defaultFormSettings };
  }

  /** Sets the CORS headers. They come before any check, so that the page can read a rejection, too. */
  allowOrigin(request: FastifyRequest, reply: FastifyReply, { origins }: FormSettings): boolean {
    const { origin } = request.headers;
    reply.headers({
      vary: 'Origin',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    if (origin === undefined) return true;
    const allowed = origins.length === 0 || origins.includes(origin);
    if (allowed) reply.header('access-control-allow-origin', origin);
    return allowed;
  }

  /** Admits a submission, or throws {@link FormRefusal}. */
  admit(request: FastifyRequest, reply: FastifyReply, name: string, what: 'form' | 'number' = 'form'): OpenForm {
    const { line, settings } = this.form(name);
    const allowed = this.allowOrigin(request, reply, settings);
    if (!allowed) throw new FormRefusal('origin', 'forbidden', 'pages of this origin may not submit this form');
    const trusted = this.#trusted(request, settings);
    if (!trusted) this.#limit(request, reply, settings, `${what} ${line.id}`);
    return { line, settings, trusted };
  }

  #trusted(request: FastifyRequest, { token, origins }: FormSettings): boolean {
    if (token === null) return false;
    const given = tokenOf(request);
    if (given !== null && sameSecret(given, token)) return true;
    // A page of a listed origin can't keep a secret, so it needs no token. Other limits apply to it.
    const listed = request.headers.origin !== undefined && origins.includes(request.headers.origin);
    if (given === null && listed) return false;
    throw new FormRefusal(
      'token',
      'unauthorized',
      'this form requires its token: ?token=…, or Authorization: Bearer …',
    );
  }

  #limit(request: FastifyRequest, reply: FastifyReply, { rateLimit }: FormSettings, what: string): void {
    const { ip } = request;
    // Requests from this machine come from programs or from proxies that don't forward the address. All visitors would share one count.
    if (rateLimit === 0 || isLoopback(ip)) return;
    const attempts = this.#attempts.get(rateLimit) ?? new Attempts(rateLimit, this.#deps.elapsed);
    this.#attempts.set(rateLimit, attempts);
    const wait = attempts.take(`${what} ${clientKey(ip)}`);
    if (wait === 0) return;
    reply.header('retry-after', Math.ceil(wait / 1000));
    throw new FormRefusal('rate', 'too-many', 'too many submissions from this address; try again later');
  }
}

function tokenOf({ headers, query }: FastifyRequest): string | null {
  const bearer = /^Bearer\s+(\S{1,256})$/i.exec(headers.authorization ?? '')?.[1];
  const header = headers['x-form-token'];
  const { token } = query as { token?: string | string[] };
  return bearer ?? (typeof header === 'string' ? header : null) ?? (typeof token === 'string' ? token : null);
}

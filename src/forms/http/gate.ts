import type { FastifyReply, FastifyRequest } from 'fastify';
import { Attempts } from '../../api/attempts.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { entryOf } from '../../domain/base/entry-of.ts';
import type { Line } from '../../domain/directory/manager.ts';
import { defaultFormSettings, type FormSettings } from '../../domain/written/form-settings.ts';
import { clientKey, isLoopback } from '../../runtime/networks.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import { FormRefusal } from './refusal.ts';

/** A form that was asked for: its line, its settings, and whether a service proved itself with the form's token. */
export interface OpenForm {
  readonly line: Line;
  readonly settings: FormSettings;
  readonly trusted: boolean;
}

/** Who may submit a form at all: its origin, its token, how often its address. Says nothing about what was submitted. */
export class FormGate {
  readonly #deps: ApiDeps;
  /** One counter per limit: forms that allow the same share it. */
  readonly #attempts = new Map<number, Attempts>();

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  /** The form of this name; throws where there is none. */
  form(name: string): { line: Line; settings: FormSettings } {
    const line = this.#deps.staff().lines.find(({ id, channel }) => channel === 'form' && id === name);
    if (line === undefined)
      throw new FormRefusal('unknown_line', 'not-found', 'no line of the channel "form" has this id');
    return { line, settings: entryOf(this.#deps.forms(), line.id) ?? defaultFormSettings };
  }

  /** Tells a browser whether the page that asks may read the answer. Set before anything is refused, so that refusals can be read too. */
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

  /** Lets a submission pass, or throws why not. */
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
    // The page of a listed origin can keep no secret; what it may do is limited otherwise.
    const listed = request.headers.origin !== undefined && origins.includes(request.headers.origin);
    if (given === null && listed) return false;
    throw new FormRefusal('token', 'unauthorized', 'this form wants its token: ?token=…, or Authorization: Bearer …');
  }

  #limit(request: FastifyRequest, reply: FastifyReply, { rateLimit }: FormSettings, what: string): void {
    const { ip } = request;
    // From this machine itself come programs, and proxies that don't tell whom they speak for: all visitors would share one count.
    if (rateLimit === 0 || isLoopback(ip)) return;
    const attempts = this.#attempts.get(rateLimit) ?? new Attempts(rateLimit, this.#deps.clock);
    this.#attempts.set(rateLimit, attempts);
    const wait = attempts.take(`${what} ${clientKey(ip)}`);
    if (wait === 0) return;
    reply.header('retry-after', Math.ceil(wait / 1000));
    throw new FormRefusal('rate', 'too-many', 'too many forms from this address; wait before the next one');
  }
}

function tokenOf({ headers, query }: FastifyRequest): string | null {
  const bearer = /^Bearer\s+(\S{1,256})$/i.exec(headers.authorization ?? '')?.[1];
  const header = headers['x-form-token'];
  const { token } = query as { token?: string | string[] };
  return bearer ?? (typeof header === 'string' ? header : null) ?? (typeof token === 'string' ? token : null);
}

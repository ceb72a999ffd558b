import { type Answered, type Asked, formParts, json, ScriptedService } from '../scripted-service.ts';
import { isBefore, lostAnswer } from '../service-faults.ts';
import { Authorisation } from './auth.ts';
import { PortalCore } from './core.ts';
import type { Card } from './crm/card-store.ts';
import { type CardView, cardView } from './crm/card-view.ts';
import { PortalError } from './errors.ts';
import { EventBus } from './events/event-bus.ts';
import { type FaultKind, Faults } from './faults.ts';
import type { PortalOptions } from './options.ts';
import { portalPage } from './page.ts';
import { PortalUsers } from './portal-users.ts';
import { RestApi } from './rest.ts';
import type { CardKind, PortalState } from './state.ts';
import { takeUpload } from './telephony/records.ts';
import { type Fields, isFields, readForm } from './values.ts';
import { Widgets } from './widgets.ts';

/** A scripted Bitrix24 portal on a real socket, as strict as its documentation. It is not Bitrix24. */
export class Portal extends ScriptedService {
  readonly core: PortalCore;
  readonly auth: Authorisation;
  readonly faults: Faults;
  /** Faults of the authorisation server, which is not part of the portal: `on('token', …)`. */
  readonly oauthFaults: Faults;
  readonly events: EventBus;
  readonly rest: RestApi;
  /** What the people do who work in the portal. */
  readonly people: PortalUsers;
  /** Pages of applications inside the portal. */
  readonly widgets: Widgets;

  constructor(options: PortalOptions = {}) {
    super((asked) => this.#answer(asked));
    this.core = new PortalCore(options);
    this.auth = new Authorisation(this.core);
    this.faults = new Faults(this.core.clock);
    this.oauthFaults = new Faults(this.core.clock);
    this.events = new EventBus(this.core, this.auth);
    this.rest = new RestApi(this.core, this.auth, this.faults);
    this.people = new PortalUsers(this.core, this.events);
    this.widgets = new Widgets(this.core, this.auth);
    this.core.raise = (event, data, userId) => this.events.raise(event, data, userId);
  }

  /** What the portal's users see. */
  get state(): PortalState {
    return this.core.state;
  }

  /** A card with all that stands on it; null if there is none. */
  card(kind: CardKind, id: number): CardView | null {
    return cardView(this.core, { kind, id });
  }

  /** The fields of all cards of a kind. */
  cards(kind: CardKind): readonly Card[] {
    return [...this.core.cards[kind].all()];
  }

  get root(): string {
    return this.core.root;
  }

  /** The address of an inbound webhook, with its secret. */
  webhookUrl(userId: number, secret: string): string {
    return `${this.root}/rest/${userId}/${secret}/`;
  }

  /** Installs the application: posts the first tokens to its handler. Resolves with the HTTP status. */
  async install(handler: string): Promise<number> {
    const { app } = this.core.options;
    if (app === undefined) throw new Error('the portal has no application');
    return this.events.install(app, handler, app.userId ?? this.#admin());
  }

  /** An administrator makes an outgoing webhook: its handler gets an event with a token of its own. */
  addOutgoingWebhook(event: string, handler: string, token: string): void {
    const id = this.core.nextId('handler');
    const app = `outgoing:${token}`;
    this.state.bound.push({ id, event, handler, isOffline: false, userId: null, connector: '', app });
  }

  #admin(): number {
    return [...this.state.users.values()].find(({ admin }) => admin === true)?.id ?? 1;
  }

  async #answer(asked: Asked): Promise<Answered> {
    if (this.core.options.keepRequests === false) this.asked.length = 0;
    try {
      if (asked.path === '/oauth/authorize/' || asked.path === '/oauth/authorize') return this.#authorize(asked);
      if (asked.path === '/oauth/token/' || asked.path === '/oauth/token') return this.#token(asked);
      if (asked.path === '/rest/upload.json') return this.#upload(asked);
      if (asked.path.startsWith('/rest/')) return await this.#rest(asked);
      return await this.#page(asked);
    } catch (error) {
      if (error instanceof PortalError)
        return json({ error: error.code, error_description: error.message }, error.status);
      this.state.complaints.push(`${asked.path}: the portal failed: ${String(error)}`);
      return { status: 500, body: internal };
    }
  }

  /** The consent page, agreed to at once by the administrator. */
  #authorize({ query }: Asked): Answered {
    const app = this.auth.app(query.get('client_id') ?? '');
    if (app === null) return { status: 404, headers: { 'content-type': 'text/html' }, body: 'Application not found' };
    const target = new URL(app.redirectUri ?? `${this.root}/`);
    target.search = new URLSearchParams({
      code: this.auth.code(app.clientId, app.userId ?? this.#admin()),
      state: query.get('state') ?? '',
      domain: this.events.domain,
      member_id: this.auth.memberId,
      scope: app.scopes.join(','),
      server_domain: 'oauth.bitrix.info',
    }).toString();
    return { status: 302, headers: { location: target.href } };
  }

  /** The page for people, its files, and its calls by a click. */
  async #page(asked: Asked): Promise<Answered> {
    const html = { 'content-type': 'text/html; charset=utf-8' };
    if (asked.path === '/' || asked.path.startsWith('/crm/')) return { headers: html, body: portalPage(this.core) };
    if (asked.path === '/click' && asked.method === 'POST') {
      const form = new URLSearchParams(String(asked.body));
      await this.people.clickToCall(Number(form.get('user')), form.get('number') ?? '');
      return { status: 303, headers: { location: '/' } };
    }
    const file = this.state.files.get(Number(/^\/file\/(\d+)$/.exec(asked.path)?.[1]));
    if (file === undefined) return { status: 404, headers: html, body: '<html><body>404</body></html>' };
    const type = file.name.endsWith('.mp3')
      ? 'audio/mpeg'
      : file.name.endsWith('.wav')
        ? 'audio/wav'
        : 'application/octet-stream';
    return { headers: { 'content-type': type, 'content-security-policy': 'sandbox' }, body: file.bytes };
  }

  #token({ query }: Asked): Answered {
    const fault = this.oauthFaults.take('token');
    return spoiled(fault, fault !== null && isBefore(fault) ? json({}) : json(this.auth.token(query)));
  }

  #upload(asked: Asked): Answered {
    const kind = this.faults.take('upload');
    if (kind !== null && isBefore(kind)) return spoiled(kind, json({}));
    const file = formParts(asked).file;
    if (file?.filename == null) throw new PortalError(400, 'ERROR_CORE', 'File is not uploaded');
    const taken = takeUpload(this.core, asked.query.get('token') ?? '', file.body);
    if (taken === null) throw new PortalError(400, 'ERROR_CORE', 'Wrong or used upload token');
    return spoiled(kind, json({ result: taken }));
  }

  async #rest(asked: Asked): Promise<Answered> {
    const parts = asked.path.slice('/rest/'.length).replace(/\/$/, '').split('/');
    const method = (parts.at(-1) ?? '').replace(/\.(json|xml)$/i, '');
    const hook = parts.length >= 3 ? ([Number(parts[0]), parts[1] ?? ''] as const) : null;
    const bearer = /^Bearer (.+)$/i.exec(asked.headers.authorization ?? '')?.[1];
    const given = {
      ...(bearer === undefined ? {} : { auth: bearer }),
      ...readForm(asked.query.toString()),
      ...bodyOf(asked),
    };
    const { status, body, fault } = await this.rest.answer(method, given, hook);
    return spoiled(fault, json(body, status));
  }
}

/** Starts a portal. */
export async function startPortal(options: PortalOptions = {}): Promise<Portal> {
  const portal = new Portal(options);
  portal.core.root = await portal.listen(options.secure ?? false, options.port ?? 0);
  return portal;
}

function bodyOf({ headers, body }: Asked): Fields {
  if (body.length === 0) return {};
  const text = body.toString('utf8');
  if (!(headers['content-type'] ?? '').includes('json')) return readForm(text);
  const read = parsed(text);
  if (!isFields(read)) throw new PortalError(400, 'ERROR_ARGUMENT', 'The request body is not a JSON object');
  return read;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const internal = '{"error":"INTERNAL_SERVER_ERROR","error_description":"Internal server error"}';

/** What arrives instead of an answer. */
function spoiled(fault: FaultKind | null, answer: Answered): Answered {
  switch (fault) {
    case null:
    case 'overload':
    case 'too-many':
    case 'rests':
    case 'expired':
    case 'no-subscription':
      return answer;
    case '500':
    case '502':
    case '503':
    case '500-after':
      return { status: Number.parseInt(fault, 10), body: internal };
    case 'html':
      return { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' };
    case 'empty':
      return { ...answer, body: '{"result":[],"time":{}}' };
    case 'malformed':
    case 'hang-before':
    case 'hang-after':
    case 'cut-before':
    case 'cut-after':
      return lostAnswer(fault, answer);
  }
}

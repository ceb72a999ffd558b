import { type Answered, type Asked, ScriptedService } from '../scripted-service.ts';
import { isBefore } from '../service-faults.ts';
import { type OnecUser, userOf } from './access.ts';
import { ExtensionService, extensionPath } from './extension/service.ts';
import { exception, OnecFaults, page, spoiled } from './faults.ts';
import { contactsOfInteractions } from './handlers.ts';
import { Infobase } from './infobase.ts';
import { sendingJobs } from './jobs.ts';
import { LeadsExchange } from './leads-exchange/service.ts';
import { nameOf, ODataService } from './odata/service.ts';
import type { OnecOptions } from './options.ts';
import { Sessions } from './sessions.ts';
import { People } from './staff/people.ts';
import { View } from './staff/view.ts';
import type { OnecState } from './state.ts';
import { unfParameters } from './telephony/parameters.ts';
import { UnfTelephony } from './telephony/service.ts';

/** A scripted 1C on a real socket, as strict as its documentation. It is not 1C. */
export class Onec extends ScriptedService {
  readonly base: Infobase;
  readonly faults: OnecFaults;
  readonly sessions: Sessions;
  /** What the people do who work in 1C. */
  readonly people: People;
  /** What they see. */
  readonly view: View;
  /** Our own extension, installed in every base. */
  readonly extension: ExtensionService;
  readonly #telephony: UnfTelephony | null;
  readonly #leads: LeadsExchange;
  readonly #odata: ODataService;
  readonly #path: string;
  readonly #users: readonly OnecUser[];
  #root = '';
  #held: Promise<void> | null = null;

  constructor(options: OnecOptions = {}) {
    super((asked) => this.#answer(asked));
    this.base = new Infobase(options);
    this.faults = new OnecFaults(this.base.clock);
    this.sessions = new Sessions(options.sessions ?? 3, options.sessionSeconds ?? 20, this.base.clock, this.state);
    this.people = new People(this.base);
    this.view = new View(this.base);
    this.extension = new ExtensionService(this.base, this.people);
    this.#leads = new LeadsExchange(this.base);
    this.#telephony = options.telephony === undefined ? null : new UnfTelephony(this.base, options.telephony);
    this.#odata = new ODataService(this.base);
    this.#path = `/${options.base ?? 'base'}`;
    this.#users = options.users ?? [{ name: 'Обмен', password: 'секрет' }];
    this.base.handlers.push(contactsOfInteractions(this.base), sendingJobs(this.base));
    if (options.clients !== undefined) this.people.generate(options.clients.count, options.clients.make);
    if (this.base.schema.has(considered))
      this.base.write(this.base.entity(considered), { Value: options.considered ?? true });
  }

  /** The counts, complaints and letters of the base. */
  get state(): OnecState {
    return this.base.state;
  }

  /** The address of the published base. */
  get url(): string {
    return `${this.#root}${this.#path}`;
  }

  /** The address of the standard OData interface. */
  get odataUrl(): string {
    return `${this.url}/odata/standard.odata/`;
  }

  /** УНФ's telephony service. Throws if it is not published. */
  get telephony(): UnfTelephony {
    if (this.#telephony === null) throw new Error('the option telephony publishes the service');
    return this.#telephony;
  }

  /** The address that the PBX is given for УНФ's telephony service. */
  get telephonyUrl(): string {
    return `${this.url}/hs/telephony/itoolabs/`;
  }

  /** The address of the SOAP service of 1С:CRM that takes leads in. */
  get leadsUrl(): string {
    return `${this.url}/ws/LeadsExchange.1cws`;
  }

  /** The address of our extension's HTTP service. */
  get extensionUrl(): string {
    return `${this.url}${extensionPath}/`;
  }

  /** Starts listening under the port of the options. */
  async start(): Promise<void> {
    this.#root = await this.listen(false, this.base.options.port ?? 0);
    this.#odata.root = this.odataUrl;
  }

  /** Lets all requests wait, each in its session, until the returned function is called: 1C is slow. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#held = null;
      release();
    };
  }

  async #answer(asked: Asked): Promise<Answered> {
    if (this.base.options.keepRequests === false) this.asked.length = 0;
    const target = this.#targetOf(asked);
    if (target === null) return page(404, 'Not Found');
    const name = `${asked.method} ${target.name}`;
    this.state.counts.set(name, (this.state.counts.get(name) ?? 0) + 1);
    const fault = this.faults.take(name, target.name, asked.method);
    if (fault !== null && isBefore(fault)) return spoiled(fault, { body: '' });
    return spoiled(fault, await this.#admit(asked, target));
  }

  /** Everything between the web server and a service: the length of the query, the user, a session. */
  async #admit(asked: Asked, target: Target): Promise<Answered> {
    const query = asked.target.indexOf('?');
    if (query >= 0 && asked.target.length - query - 1 > (this.base.options.longestQuery ?? 2048))
      return page(404, 'Request Filtering: the query string is too long');
    const user = target.isOpen ? serviceUser : userOf(this.#users, asked.headers.authorization);
    if (user === null) return unauthorised;
    const admitted = await this.sessions.enter(asked.headers);
    if (admitted === 'unknown') return exception(400, 'Сеанс отсутствует или удален');
    if (admitted === 'busy') return exception(406, 'Истекло время ожидания сеанса');
    try {
      await (this.#held ?? new Promise((resolve) => setImmediate(resolve)));
      const answer = target.answer(asked, user);
      return { ...answer, headers: { ...answer.headers, ...admitted.headers } };
    } finally {
      admitted.leave();
    }
  }

  #targetOf(asked: Asked): Target | null {
    const [path = ''] = asked.target.split('?');
    const after = (prefix: string) => (`${path}/`.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : null);
    const odata = after(`${this.#path}/odata/standard.odata`);
    if (odata !== null)
      return {
        name: nameOf(odata) || 'service',
        isOpen: false,
        answer: (given, user) => this.#odata.answer(given, odata, user),
      };
    const telephony = this.#telephony;
    const called = after(`${this.#path}/hs/telephony`);
    if (telephony !== null && called !== null) {
      const command = unfParameters(asked.body.toString('utf8')).get('cmd') ?? 'ping';
      return { name: `telephony ${command}`, isOpen: true, answer: (given) => telephony.answer(given, called) };
    }
    const own = after(`${this.#path}${extensionPath}`);
    if (own !== null)
      return { name: `extension ${own}`, isOpen: false, answer: (given) => this.extension.answer(given, own) };
    const leads = after(`${this.#path}/ws/LeadsExchange.1cws`) === '' && this.base.schema.has('Document_CRM_Заявка');
    if (leads)
      return { name: 'LeadsExchange', isOpen: false, answer: (given) => this.#leads.answer(given, this.leadsUrl) };
    return null;
  }
}

/** The service that a request goes to. */
interface Target {
  /** How its requests are counted and spoiled. */
  readonly name: string;
  /** Whether the publication itself holds the login. */
  readonly isOpen: boolean;
  readonly answer: (asked: Asked, user: OnecUser) => Answered;
}

/** The user that a publication without a login works under. */
const serviceUser: OnecUser = { name: 'TelephonyService', password: '' };

const considered = 'Constant_ИспользоватьПризнакРассмотрено';

const unauthorised: Answered = {
  ...page(401, 'Unauthorized'),
  headers: { 'content-type': 'text/html; charset=utf-8', 'www-authenticate': 'Basic realm="1C:Enterprise 8.3"' },
};

/** Starts a scripted 1C. */
export async function startOnec(options: OnecOptions = {}): Promise<Onec> {
  const onec = new Onec(options);
  await onec.start();
  return onec;
}

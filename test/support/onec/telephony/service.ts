import type { Answered, Asked } from '../../scripted-service.ts';
import type { Infobase } from '../infobase.ts';
import { callerOf, extensionOf, responsibleExtension } from './callers.ts';
import { type CallNews, type Popup, UnfCalls } from './calls.ts';
import { unfParameters } from './parameters.ts';

/** УНФ's settings of its telephony. */
export interface TelephonyOptions {
  /** КлючДляАвторизацииВУНФ: the `crm_token` of requests to УНФ. */
  readonly key: string;
  /** АдресОблачнойАТС: where УНФ sends `makeCall`. */
  readonly pbx?: string;
  /** КлючДляАвторизацииВОблачнойАТС: the `token` of requests to the PBX. */
  readonly token?: string;
}

/** What the PBX answered to a command. */
export interface PbxReply {
  readonly status: number;
  readonly text: string;
}

/** УНФ's stock telephony service, with «УниверсальныйItoolabs» chosen as the PBX. */
export class UnfTelephony {
  readonly #base: Infobase;
  readonly #options: TelephonyOptions;
  readonly #calls: UnfCalls;

  constructor(base: Infobase, options: TelephonyOptions) {
    this.#base = base;
    this.#options = options;
    this.#calls = new UnfCalls(base);
  }

  /** Cards that popped up, oldest first. */
  get popups(): readonly Popup[] {
    return this.#calls.popups;
  }

  /** Answers a request. `path` is what follows `/hs/telephony/`. */
  answer({ method, body }: Asked, path: string): Answered {
    if (path === 'ping' || path === 'itoolabs/ping')
      return method === 'GET' ? { headers: plainText, body: 'ok' } : empty(405);
    if (!path.startsWith('itoolabs/')) return empty(404);
    if (method !== 'POST') return empty(405);
    const given = unfParameters(body.toString('utf8'));
    const token = given.get('crm_token');
    // It is read before anything is checked: without it the handler itself fails.
    if (token === undefined) return failed('Поле объекта не обнаружено (crm_token)');
    if (token !== this.#options.key) return empty(400);
    const command = given.get('cmd');
    if (command === undefined) return empty(400);
    if (command === 'contact') return this.#contact(given);
    if (command === 'history') return this.#history(given);
    if (command === 'event') return this.#event(given);
    return empty(501);
  }

  /** Who calls, and who is responsible. Nothing at all for a stranger. */
  #contact(given: ReadonlyMap<string, string>): Answered {
    const phone = given.get('phone');
    if (phone === undefined) return empty(400);
    const headers = { 'content-type': 'application/json' };
    const caller = callerOf(this.#base, phone);
    if (caller === null) return { headers, body: '' };
    const responsible = responsibleExtension(this.#base, caller);
    const answer = { contact_name: caller.name, ...(responsible === '' ? {} : { responsible }) };
    return { headers, body: JSON.stringify(answer) };
  }

  #history(given: ReadonlyMap<string, string>): Answered {
    const [callId, status, duration] = [given.get('callid'), given.get('status'), given.get('duration')];
    if (callId === undefined || status === undefined) return empty(400);
    if (duration === undefined || !/^\s*-?\d+([.,]\d+)?\s*$/.test(duration))
      return failed('Преобразование значения к типу Число не может быть выполнено');
    const end = {
      missed: status.toLowerCase() !== 'success',
      seconds: Number(duration.replace(',', '.')),
      link: given.get('link') ?? '',
    };
    this.#calls.ended({ callId, extension: '' }, end);
    return empty(200);
  }

  #event(given: ReadonlyMap<string, string>): Answered {
    const [type, callId, phone, extension] = ['type', 'callid', 'phone', 'ext'].map((name) => given.get(name));
    if (type === undefined || callId === undefined || phone === undefined || extension === undefined) return empty(400);
    const line = given.get('diversion');
    const news: CallNews = { callId, phone, extension, ...(line === undefined ? {} : { line }) };
    const ended = { seconds: 0, link: '' };
    switch (type.toLowerCase()) {
      case 'incoming':
        this.#calls.incoming(news);
        break;
      case 'outgoing':
        this.#calls.outgoing(news);
        break;
      case 'accepted':
        this.#calls.accepted(news);
        break;
      case 'completed':
        this.#calls.ended(news, { ...ended, missed: false });
        break;
      case 'cancelled':
        this.#calls.ended(news, { ...ended, missed: true });
        break;
      default:
        // Taken in silence, `transferred` among them.
        break;
    }
    return empty(200);
  }

  /** A user clicks on a number, in an event if one is open. Throws what УНФ shows if its settings are missing. */
  async makeCall(employee: string, phone: string, event: string | null = null): Promise<PbxReply> {
    const extension = this.#extensionOfEmployee(employee);
    if (extension === '') throw new Error('НеЗаполненВнутреннийНомерПользователя');
    if (event !== null) this.#calls.begin(event, extension, phone);
    return this.command('makeCall', { phone: phone.replace(/[+() -]/g, ''), user: extension });
  }

  /** Sends a command of the protocol to the PBX: `accounts`, `groups`, `history`, `subscribeOnCalls` … УНФ itself only knows `makeCall`. */
  async command(command: string, fields: Readonly<Record<string, string>> = {}): Promise<PbxReply> {
    const { pbx, token = '' } = this.#options;
    if (pbx === undefined) throw new Error('НеЗаполненАдресАТС');
    const answer = await fetch(pbx, { method: 'POST', body: new URLSearchParams({ cmd: command, ...fields, token }) });
    return { status: answer.status, text: await answer.text() };
  }

  #extensionOfEmployee(employee: string): string {
    for (const row of this.#base.store('InformationRegister_СотрудникиПользователя').rows())
      if (row.Сотрудник_Key === employee) return extensionOf(this.#base, String(row.Пользователь_Key));
    return '';
  }
}

const plainText = { 'content-type': 'text/plain;charset=utf-8' };

function empty(status: number): Answered {
  return { status, headers: plainText, body: '' };
}

function failed(text: string): Answered {
  return { status: 500, headers: plainText, body: text };
}

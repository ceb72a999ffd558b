import { type Answered, type Asked, ScriptedService } from './scripted-service.ts';

/** An employee of a scripted cloud PBX. */
export interface VatsAccount {
  readonly name: string;
  readonly realName: string;
  readonly ext: string;
}

/** Cells of a row of its list of ended calls: UID, type, client, account, via, start, wait, duration, record. */
export type VatsRow = readonly [string, string, string, string, string, string, string, string, string];

const columns = ['uid', 'type', 'client', 'account', 'via', 'start', 'wait', 'duration', 'record'];

/**
 * A scripted cloud PBX of the iTooLabs family on a real socket, with MegaFon's newer interface beside the forms. It is
 * none of the providers' own.
 */
export class VatsServer extends ScriptedService {
  /** Where messages go: the address that the company entered. */
  hook = '';
  accounts: VatsAccount[] = [
    { name: 'anna', realName: 'Анна', ext: '101' },
    { name: 'boris', realName: 'Борис', ext: '102' },
  ];
  /** Ended calls. */
  readonly rows: VatsRow[] = [];
  /** Records that the newer interface has handed out: each only once. */
  readonly #handedOut = new Set<string>();
  /** Calls that were requested. */
  readonly made: { readonly user: string; readonly phone: string; readonly callId: string }[] = [];
  /** Sounds of recordings by path. */
  readonly sounds = new Map<string, Buffer>();
  /** Statuses with which the next requests fail. */
  readonly failures: number[] = [];
  /** Answers to commands wait for it. */
  delay: Promise<unknown> = Promise.resolve();
  url = '';

  constructor() {
    super((asked) => this.#answer(asked));
  }

  async start(): Promise<void> {
    this.url = await this.listen(false);
  }

  /** Posts a message as a form. */
  async post(
    fields: Readonly<Record<string, string>>,
    token = 'hook-key',
  ): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(this.hook, {
      method: 'POST',
      body: new URLSearchParams({ crm_token: token, ...fields }),
    });
    return { status: answer.status, text: await answer.text() };
  }

  async #answer(asked: Asked): Promise<Answered> {
    await this.delay;
    const failure = this.failures.shift();
    if (failure !== undefined) return { status: failure, body: '' };
    const sound = this.sounds.get(asked.path);
    if (sound !== undefined) return { headers: { 'content-type': 'audio/mpeg' }, body: sound };
    if (asked.path === '/sys/crm_api.wcgp' && asked.method === 'POST')
      return this.#form(new URLSearchParams(String(asked.body)));
    if (asked.path.startsWith('/crmapi/v1/')) return this.#newer(asked);
    return { status: 404 };
  }

  #form(form: URLSearchParams): Answered {
    if (form.get('token') !== 'api-key') return json({ error: 'Invalid token' }, 401);
    switch (form.get('cmd')) {
      case 'makeCall':
        return this.#makeCall(form, false);
      case 'accounts':
        return json(this.accounts);
      case 'history': {
        const [start, end] = [form.get('start') ?? '', form.get('end') ?? ''];
        if (![start, end].every((time) => /^\d{8}T\d{6}Z$/.test(time)))
          return json({ error: 'Invalid parameters' }, 400);
        const rows = this.rows.filter((row) => start <= row[5] && row[5] < end);
        return { headers: { 'content-type': 'text/csv' }, body: rows.map((row) => `${row.join(',')}\r\n`).join('') };
      }
      default:
        return json({ error: 'Invalid parameters' }, 400);
    }
  }

  #newer({ path, method, headers, body }: Asked): Answered {
    if (headers['x-api-key'] !== 'api-key') return json({ error: 'Invalid token' }, 401);
    if (path === '/crmapi/v1/users') return json(this.accounts);
    if (path === '/crmapi/v1/makecall' && method === 'POST')
      return this.#makeCall(new URLSearchParams(String(body)), true);
    if (path !== '/crmapi/v1/history/json') return { status: 404 };
    const fresh = this.rows.filter(([uid]) => !this.#handedOut.has(uid));
    for (const [uid] of fresh) this.#handedOut.add(uid);
    return json(fresh.map((row) => Object.fromEntries(row.map((cell, i) => [columns[i], cell]))));
  }

  #makeCall(form: URLSearchParams, isObject: boolean): Answered {
    const [user, phone] = [form.get('user') ?? '', form.get('phone') ?? ''];
    if (!this.accounts.some(({ name, ext }) => name === user || ext === user) || !/^\d{5,15}$/.test(phone))
      return json({ error: 'Invalid parameters' }, 400);
    const callId = `made-${this.made.length + 1}`;
    this.made.push({ user, phone, callId });
    return isObject ? json({ callid: callId }) : { body: callId };
  }
}

function json(value: unknown, status = 200): Answered {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

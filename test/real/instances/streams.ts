import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { Signature } from '../../../src/runtime/http/standard-webhooks.ts';
import { sleep } from '../../../src/runtime/sleep.ts';
import { raw } from '../../connectors/mail/support.ts';
import { Receiver } from '../../support/receiver.ts';
import { TelegramServer } from '../../support/telegram-server.ts';
import { Dovecot } from '../mail/dovecot.ts';
import type { Instance, Reach } from './cluster.ts';

const chatSecret = 'a secret of thirty-two characters';

/** An incoming contact other than a call; `answer` is the reply. */
type Way = 'letter' | 'form' | 'chat' | 'bot' | 'answer';

/**
 * Letters into a real Dovecot, forms and generic messages to any instance, and updates of a scripted Telegram by long polling. Each
 * stream sends in sequence and repeats until an instance has acknowledged the contact. Generic messages are answered from the desk,
 * by any instance.
 */
export class Streams {
  readonly #dovecot = new Dovecot();
  readonly #bot = new TelegramServer();
  readonly #chat = new Signature(chatSecret);
  readonly #random: () => number;
  /** Receives the answers in the chat. */
  readonly #answered = new Receiver();
  readonly #sent: Record<Way, string[]> = { letter: [], form: [], chat: [], bot: [], answer: [] };
  #botUrl = '';
  #answeredUrl = '';

  constructor(random: () => number) {
    this.#random = random;
  }

  async open(): Promise<void> {
    await this.#dovecot.start();
    this.#botUrl = await this.#bot.listen();
    this.#answeredUrl = await this.#answered.listen();
    // The mailbox must exist before it is first read.
    this.#dovecot.deliver('sales', []);
  }

  async close(): Promise<void> {
    await Promise.all([this.#dovecot.close(), this.#bot.close(), this.#answered.close()]);
  }

  /** The connections and lines for the streams. */
  async configuration(reach: Reach) {
    const imap = await reach(this.#dovecot.port);
    const bot = await reach(Number(new URL(this.#botUrl).port));
    const answered = await reach(Number(new URL(this.#answeredUrl).port));
    return {
      connectors: {
        sales: {
          kind: 'mail',
          address: 'sales@our.example',
          user: 'sales',
          password: 'secret',
          imap: { ...imap, tls: false },
        },
        bot: { kind: 'telegram', token: this.#bot.token, api: `http://${bot.host}:${bot.port}` },
        chat: {
          kind: 'webhook',
          secret: chatSecret,
          account: 'chat',
          url: `http://${answered.host}:${answered.port}/`,
        },
      },
      lines: [
        { id: 'mail', channel: 'email', address: 'sales@our.example' },
        { id: 'site', channel: 'form' },
        { id: 'chat', channel: 'message', address: 'chat' },
        { id: 'bot', channel: 'message', address: 'bot' },
      ],
    };
  }

  /** Sends until the signal aborts, and finishes what is in progress. */
  async run(instances: readonly Instance[], cookie: string, signal: AbortSignal): Promise<void> {
    const ways: Record<Exclude<Way, 'answer'>, (n: number, text: string) => Promise<void>> = {
      letter: async (n, text) =>
        this.#dovecot.deliver('sales', [
          raw({ from: `c${n}@client.example`, subject: text, 'message-id': `<${n}@client.example>` }, text),
        ]),
      form: (n, text) =>
        this.#retryUntilSafe(
          instances,
          '/api/v1/forms/site',
          JSON.stringify({ phone: `+7917${1_000_000 + n}`, comment: text }),
          {
            'idempotency-key': `form-${n}`,
          },
        ),
      chat: async (n, text) => {
        const body = JSON.stringify({ type: 'message', id: `m-${n}`, from: { id: String(n) }, text });
        await this.#retryUntilSafe(instances, '/api/v1/hooks/chat', body, this.#chat.sign(`m-${n}`, Date.now(), body));
        await this.#answer(instances, cookie, n, text);
      },
      bot: async (n, text) => {
        const person = { id: n, first_name: 'Ivan' };
        const date = Math.floor(Date.now() / 1000);
        const message = {
          message_id: n,
          date,
          from: { ...person, is_bot: false },
          chat: { ...person, type: 'private' },
          text,
        };
        this.#bot.updates.push({ update_id: n, message } as never);
      },
    };
    const lane = async ([way, bring]: [string, (n: number, text: string) => Promise<void>]) => {
      for (let n = 1; !signal.aborted; n += 1) {
        const text = `${way} ${n}`;
        this.#sent[way as Way].push(text);
        await bring(n, text);
        await sleep(200 + this.#random() * 800, signal);
      }
    };
    await Promise.all(Object.entries(ways).map(lane));
  }

  /** Everything sent, in the format of {@link kept}. */
  get sent(): readonly string[] {
    return Object.values(this.#sent).flat().sort();
  }

  /** Everything stored, named as when it was sent. */
  kept(all: readonly Interaction[]): readonly string[] {
    const written = all.filter(({ channel }) => channel !== 'call');
    return written
      .map(({ subject, text }) => /(letter|form|chat|bot|answer) \d+/.exec(`${subject} ${text}`)?.[0] ?? `${text}`)
      .sort();
  }

  /** What the chat received: the text of each id. An id may be repeated, always with the same text. */
  get answers(): ReadonlyMap<string, ReadonlySet<string>> {
    const texts = new Map<string, Set<string>>();
    for (const { body } of this.#answered.received) {
      const { id, text } = JSON.parse(body) as { readonly id: string; readonly text: string };
      texts.set(id, (texts.get(id) ?? new Set()).add(text));
    }
    return texts;
  }

  /** What was answered from the desk. */
  get written(): readonly string[] {
    return [...this.#sent.answer].sort();
  }

  /** Answers the message, as the page does. */
  async #answer(instances: readonly Instance[], cookie: string, n: number, text: string): Promise<void> {
    let status: number | null = null;
    const find = async () => {
      const { url } = this.#any(instances);
      const request = { headers: { cookie }, signal: AbortSignal.timeout(10_000) };
      const answer = await fetch(`${url}/api/v1/interactions?channel=message&limit=200`, request).catch(() => null);
      status = answer?.status ?? null;
      const listed = (await answer?.json().catch(() => null)) as { readonly items?: readonly Interaction[] } | null;
      return listed?.items?.find((one) => one.text === text)?.id;
    };
    const since = Date.now();
    let interaction = await find();
    for (; interaction === undefined; interaction = await find()) {
      if (Date.now() - since > 120_000)
        throw new Error(`"${text}" was accepted but can't be found; the last listing answered ${status}`);
      await sleep(100);
    }
    const answer = `answer ${n}`;
    this.#sent.answer.push(answer);
    const body = JSON.stringify({ interaction, text: answer, key: answer });
    await this.#retryUntilSafe(instances, '/api/v1/messages', body, { cookie }, 202);
  }

  #any(instances: readonly Instance[]): Instance {
    return instances[Math.floor(this.#random() * instances.length)] as Instance;
  }

  /** Asks one instance after another until one acknowledges. A rejection that repeating cannot fix is an error. */
  async #retryUntilSafe(
    instances: readonly Instance[],
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    safe = 200,
  ): Promise<void> {
    for (;;) {
      const { url } = this.#any(instances);
      const request = {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', origin: url, ...headers },
      };
      const status = await fetch(`${url}${path}`, { ...request, signal: AbortSignal.timeout(10_000) }).then(
        (answer) => answer.status,
        () => null,
      );
      if (status === safe) return;
      if (status !== null && status < 500) throw new Error(`${path} was refused with ${status}: ${body}`);
      await sleep(100);
    }
  }
}

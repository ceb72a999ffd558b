import { readFileSync } from 'node:fs';
import { moduleSchemas } from '../../src/cli/context.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Connector, ConnectorContext } from '../../src/connectors/contract.ts';
import { connectors } from '../../src/connectors/registry.ts';
import type { ContactEvent } from '../../src/domain/interaction/contact-event.ts';
import { type HookReceiver, isHookReceiver } from '../../src/domain/ports/hooks.ts';
import { derivedSecret, hmacHex } from '../../src/runtime/secrets.ts';
import { connectorContext, type RecordingContext } from './connector-context.ts';
import { type FieldResult, Outcome } from './field-calls.ts';
import { type Office, openOffice } from './office.ts';
import { type Asked, json, ScriptedService } from './scripted-service.ts';

const folder = new URL('../fixtures/field-cases/messengers/', import.meta.url);
const ownFolder = new URL('../fixtures/own-cases/messengers/', import.meta.url);

/** What a case of `field-cases/messengers/expected.json` says; its README explains the keys. */
export interface FieldMessage {
  readonly about: string;
  readonly interactions?: unknown;
  readonly leads?: number;
  readonly tasks?: number;
}

interface Cases {
  readonly config: { readonly connectors: Readonly<Record<string, object>> };
  readonly cases: Readonly<Record<string, FieldMessage>>;
}

const casesOf = (at: URL) => JSON.parse(readFileSync(new URL('expected.json', at), 'utf8')) as Cases;

const [field, own] = [casesOf(folder), casesOf(ownFolder)];

/** The cases of the folder. */
export const { cases: fieldMessages } = field;

/** The cases of our own that were written without a look at the code. Their configuration has further connections. */
export const { cases: ownMessages } = own;

/** The configuration of all cases. */
const config = { ...field.config, connectors: { ...own.config.connectors, ...field.config.connectors } };

/** The payloads of a case, in the order in which the service posts them. */
export function payloadsOf(file: string): readonly object[] {
  const payload: unknown = JSON.parse(readFileSync(new URL(file, file in ownMessages ? ownFolder : folder), 'utf8'));
  return Array.isArray(payload) ? payload : [payload as object];
}

/** The connection that gets a case, by the first word of its name. */
const connectionOf: Readonly<Record<string, string>> = {
  telegram: 'tg',
  whatsapp: 'wa',
  vk: 'vk',
  max: 'max',
  viber: 'vb',
  avito: 'av',
};

/**
 * Plays payloads of messengers through production's way: signed posts to `/api/v1/hooks/CONNECTION`, the connector, intake and a
 * real store. Files come from a scripted server. One office serves all cases of a test file.
 */
export class MessengerOffice {
  readonly #files = new FileServer();
  readonly #receivers = new Map<string, HookReceiver>();
  #office!: Office;
  #root = '';
  #config!: Config;
  /** What the connections emitted, in order. */
  readonly emitted: ContactEvent[] = [];
  /** The contexts of the connections, which record their quarantine. */
  readonly contexts = new Map<string, RecordingContext>();

  async open(): Promise<void> {
    this.#root = await this.#files.open();
    this.#config = configAt(this.#root);
    this.#office = await openOffice({ hookReceiver: (name) => this.#receivers.get(name) ?? null });
    this.restart();
  }

  /** Starts the connections anew, as after a restart of the program: they keep only their cursors. */
  restart(change: Partial<ConnectorContext> = {}): void {
    for (const [name, settings] of Object.entries(this.#config.connectors)) {
      const before = this.contexts.get(name);
      const context = connectorContext(name, {
        language: this.#config.company.language,
        emit: async (event) => {
          this.emitted.push(event);
          await this.#office.intake.emit(event);
        },
        ...(before !== undefined && { cursor: before.cursor }),
        ...change,
      });
      this.contexts.set(name, context);
      this.#receivers.set(name, receiverOf(connectors[settings.kind]?.create(settings as never, context)));
    }
  }

  async close(): Promise<void> {
    await this.#office.close();
    await this.#files.close();
  }

  /** Plays the payloads of a case, or others in their place. */
  async play(file: string, payloads: readonly unknown[] = payloadsOf(file)): Promise<FieldResult> {
    const connection = connectionOf[file.split('-')[0] ?? ''] ?? '';
    const outcome = new Outcome();
    const { changes } = this.#office.intake;
    const stops = [
      changes.on('change', (news) => outcome.take(news)),
      changes.on('followUp', (news) => outcome.follow(news)),
    ];
    try {
      for (const payload of payloads) {
        const status = await this.post(connection, payload);
        if (status !== 200) throw new Error(`${file}: answered ${status}`);
      }
      return outcome.result(0);
    } finally {
      for (const stop of stops) stop();
    }
  }

  /** Posts a payload as its service would, and resolves to the status of the answer. */
  async post(connection: string, payload: unknown): Promise<number> {
    const body = JSON.stringify(payload)
      .replaceAll('https://files.example', this.#root)
      .replaceAll('1795521540', String(Math.floor(Date.now() / 1000) - 60))
      .replaceAll('1795521600000', String(Date.now()));
    const answer = await fetch(`${this.#office.url}/api/v1/hooks/${connection}${secretOf(connection)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature(connection, body) },
      body,
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}

/** The folder's configuration, as production reads it, with every service at our scripted one. */
function configAt(api: string): Config {
  const all = Object.entries(config.connectors).map(([name, settings]) => [name, { ...settings, api }]);
  return parseConfig(
    JSON.stringify({ ...config, connectors: Object.fromEntries(all) }),
    'field.yaml',
    moduleSchemas,
    {},
  );
}

/** How each service proves that a request is its own. */
function signature(connection: string, body: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(body);
  const { token = '', appSecret = '' } = config.connectors[connection] as { token?: string; appSecret?: string };
  switch (connection) {
    case 'tg':
      return { 'x-telegram-bot-api-secret-token': derivedSecret(token, `webhook ${connection}`) };
    case 'wa':
      return { 'x-hub-signature-256': `sha256=${hmacHex(appSecret, bytes)}` };
    case 'max':
      return { 'x-max-bot-api-secret': derivedSecret(token, `webhook ${connection}`) };
    case 'vb':
      return { 'x-viber-content-signature': hmacHex(token, bytes) };
    default:
      return {};
  }
}

/** The parameters of the address by which a service proves itself. */
function secretOf(connection: string): string {
  const { clientSecret } = config.connectors[connection] as { clientSecret?: string };
  return clientSecret === undefined ? '' : `?secret=${derivedSecret(clientSecret, `webhook ${connection}`)}`;
}

function receiverOf(connector: Connector | undefined): HookReceiver {
  if (connector === undefined || !isHookReceiver(connector)) throw new Error('expected a receiver of webhooks');
  return connector;
}

/** What Avito says of its account and of any conversation, in which client 42 is named by its last digits. */
function avitoAnswer(path: string, query: URLSearchParams, root: string): object | null {
  if (path === '/token') return { access_token: 'avito-token', expires_in: 86_400, token_type: 'Bearer' };
  if (path === '/core/v1/accounts/self') return { id: 94_235_311 };
  const voice = query.get('voice_ids');
  if (voice !== null) return { voices_urls: { [voice]: `${root}/voice.mp4` } };
  const [, chat = null] = /^\/messenger\/v2\/accounts\/94235311\/chats\/([^/]+)$/.exec(path) ?? [];
  if (chat === null) return null;
  const client = { id: Number(/\d+$/.exec(chat)?.[0] ?? 0), name: 'Мария' };
  const value = { id: 1_768_287_444, title: 'Окно ПВХ', price_string: '12 000 ₽', url: 'https://avito.example/okno' };
  return { id: chat, users: [{ id: 94_235_311, name: 'Окна' }, client], context: { type: 'item', value } };
}

/** A service that has any file, by any of the ways in which messengers offer them. */
class FileServer {
  #root = '';
  readonly #service = new ScriptedService(({ method, path, query }: Asked) => {
    const avito = avitoAnswer(path, query, this.#root);
    if (avito !== null) return json(avito);
    if (path.endsWith('/getFile')) return json({ ok: true, result: { file_path: 'any' } });
    if (path.endsWith('/users.get')) return json({ response: [{ first_name: 'Иван', last_name: 'Петров' }] });
    if (path.startsWith('/v23.0/')) return json({ url: `${this.#root}/file` });
    return method === 'GET' ? { body: `the bytes of ${path}` } : json({ ok: true, result: {} });
  });

  async open(): Promise<string> {
    this.#root = await this.#service.listen();
    return this.#root;
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}

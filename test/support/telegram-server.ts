import { sleep } from '../../src/runtime/sleep.ts';
import { type Answered, type Asked, formParts, json, ScriptedService } from './scripted-service.ts';

const token = '123456:ABCdefGHIjklMNOpqrSTUvwxYZ012345678';

/** The Bot API methods that we use, as strict as documented (core.telegram.org/bots/api). */
export class TelegramServer extends ScriptedService {
  readonly token = token;
  /** Updates sent to the bot, in order. */
  readonly messages: { readonly chat: string; readonly text: string; readonly file: string | null }[] = [];
  /** Voice notes sent to the bot's chats. */
  readonly voices: Buffer[] = [];
  /** What clients were shown: `typing BUSINESS:CHAT`, `read BUSINESS:CHAT:MESSAGE`. */
  readonly marks: string[] = [];
  /** Files by path. */
  readonly files = new Map<string, Buffer>();
  readonly updates: { readonly update_id: number }[] = [];
  webhook: { url: string; secret_token?: string } | null = null;
  /** Whether the owner has revoked the token. */
  revoked = false;
  /** The offset of the last request for updates. */
  offset = 0;

  constructor() {
    super((asked) => this.#answer(asked));
  }

  async #answer(asked: Asked): Promise<Answered> {
    const file = new RegExp(`^/file/bot${token}/(.+)$`).exec(asked.path)?.[1];
    if (file !== undefined) {
      const body = this.files.get(file);
      return body === undefined ? { status: 404, body: 'Not Found' } : { body };
    }
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(asked.path) ?? [];
    if (given !== token || this.revoked) return fail(401, 'Unauthorized');
    const parts = parameters(asked);
    // As documented, it waits for an update, but only for a limited time.
    if (method === 'getUpdates' && this.#from(parts).length === 0) await sleep(100);
    return this.#method(method, parts);
  }

  #method(method: string, given: Readonly<Record<string, unknown>>): Answered {
    switch (method) {
      case 'getMe':
        return ok({ id: 123456, is_bot: true, first_name: 'Shop', username: 'shop_bot' });
      case 'setWebhook':
        if (!/^[A-Za-z0-9_-]{1,256}$/.test(String(given.secret_token ?? '')))
          return fail(400, 'Bad Request: secret token');
        this.webhook = given as unknown as NonNullable<TelegramServer['webhook']>;
        return ok(true);
      case 'deleteWebhook':
        this.webhook = null;
        return ok(true);
      case 'getWebhookInfo':
        return ok({ url: this.webhook?.url ?? '', pending_update_count: 0 });
      case 'getUpdates': {
        if (this.webhook !== null) return fail(409, "Conflict: can't use getUpdates method while webhook is active");
        this.offset = Number(given.offset ?? 0);
        return ok(this.#from(given));
      }
      case 'getFile':
        return this.files.has(String(given.file_id))
          ? ok({ file_path: given.file_id })
          : fail(400, 'Bad Request: wrong file_id');
      case 'sendChatAction':
        if (given.action !== 'typing' || !/^-?\d+$/.test(String(given.chat_id ?? '')))
          return fail(400, 'Bad Request: wrong parameter action in request');
        this.marks.push(`typing ${given.business_connection_id ?? ''}:${given.chat_id}`);
        return ok(true);
      case 'readBusinessMessage':
        if (typeof given.business_connection_id !== 'string')
          return fail(400, 'Bad Request: business connection not found');
        if (!Number.isInteger(given.message_id)) return fail(400, 'Bad Request: message identifier is not specified');
        this.marks.push(`read ${given.business_connection_id}:${given.chat_id}:${given.message_id}`);
        return ok(true);
      case 'sendMessage':
        return this.#send(given, String(given.text ?? ''), 4096, null);
      case 'sendVoice': {
        // OGG with Opus, as documented; the first page tells.
        const voice = given.voice as Buffer | undefined;
        if (!Buffer.isBuffer(voice) || !voice.subarray(0, 60).includes('OpusHead'))
          return fail(400, 'Bad Request: there is no voice note in the request');
        this.voices.push(voice);
        return this.#send(given, String(given.caption ?? ''), 1024, 'voice');
      }
      case 'sendPhoto':
      case 'sendDocument': {
        const media = (given.photo ?? given.document) as Buffer | undefined;
        if (!Buffer.isBuffer(media)) return fail(400, 'Bad Request: there is no file in the request');
        return this.#send(given, String(given.caption ?? ''), 1024, media.toString('utf8'));
      }
      default:
        return fail(404, 'Not Found');
    }
  }

  #from(given: Readonly<Record<string, unknown>>) {
    return this.updates.filter((update) => update.update_id >= Number(given.offset ?? 0));
  }

  #send(given: Readonly<Record<string, unknown>>, text: string, longest: number, file: string | null): Answered {
    const chat = String(given.chat_id ?? '');
    if (!/^-?\d+$/.test(chat)) return fail(400, 'Bad Request: chat not found');
    if (chat === '403') return fail(403, 'Forbidden: bot was blocked by the user');
    if (text.length > longest || (text === '' && file === null))
      return fail(400, 'Bad Request: message text is empty or too long');
    this.messages.push({ chat, text, file });
    return ok({
      message_id: 1000 + this.messages.length,
      date: Math.floor(Date.now() / 1000),
      chat: { id: Number(chat), type: 'private' },
    });
  }
}

function parameters(asked: Asked): Readonly<Record<string, unknown>> {
  if (asked.headers['content-type']?.startsWith('multipart/') === true) {
    return Object.fromEntries(
      Object.entries(formParts(asked)).map(([name, part]) => [
        name,
        part.filename === null ? part.body.toString('utf8') : part.body,
      ]),
    );
  }
  return asked.body.length === 0 ? {} : (JSON.parse(asked.body.toString('utf8')) as Record<string, unknown>);
}

function ok(result: unknown): Answered {
  return json({ ok: true, result });
}

function fail(error_code: number, description: string): Answered {
  return json({ ok: false, error_code, description }, error_code);
}

import { type Answered, type Asked, formParts, json, ScriptedService } from './scripted-service.ts';

/** The methods of MAX's Bot API that we use, as strict as documented (dev.max.ru). */
export class MaxServer extends ScriptedService {
  readonly token = 'max-bot-token';
  readonly messages: { readonly to: string; readonly text: string | null; readonly attachments: unknown }[] = [];
  readonly files = new Map<string, Buffer>();
  readonly uploads: { readonly name: string | null; readonly body: string }[] = [];
  subscriptions: { url: string; update_types: readonly string[]; secret: string }[] = [];
  /** Updates waiting to be polled; the marker is the index of the next one. */
  readonly updates: unknown[] = [];
  /** How many times sending a file is refused because the file is not ready. */
  notReady = 0;
  /** Actions that clients were shown: `ACTION CHAT`. */
  readonly marks: string[] = [];
  root = '';

  constructor() {
    super((asked) => this.#answer(asked));
  }

  #answer(asked: Asked): Answered {
    const { method, path, query } = asked;
    if (path.startsWith('/cdn/')) {
      const body = this.files.get(path.slice(5));
      return body === undefined ? { status: 404 } : { body };
    }
    if (path.startsWith('/upload/')) return this.#take(asked);
    if (asked.headers.authorization !== this.token) return fail(401, 'verify.token', 'Invalid access_token');
    const chat = /^\/chats\/(-?\d+)\/actions$/.exec(path)?.[1];
    if (method === 'POST' && chat !== undefined) return this.#act(chat, JSON.parse(String(asked.body)));
    switch (`${method} ${path}`) {
      case 'GET /me':
        return json({ user_id: 1, first_name: 'Shop', is_bot: true });
      case 'GET /subscriptions':
        return json({ subscriptions: this.subscriptions.map(({ url, update_types }) => ({ url, update_types })) });
      case 'POST /subscriptions':
        return this.#subscribe(JSON.parse(String(asked.body)));
      case 'DELETE /subscriptions':
        this.subscriptions = this.subscriptions.filter(({ url }) => url !== query.get('url'));
        return json({ success: true });
      case 'GET /updates':
        return this.#poll(query);
      case 'POST /uploads':
        return json({
          url: `${this.root}/upload/${query.get('type')}`,
          ...(query.get('type') === 'video' && { token: 'v1' }),
        });
      case 'POST /messages':
        return this.#send(asked);
      default:
        return fail(404, 'not.found', `no ${method} ${path}`);
    }
  }

  #act(chat: string, given: { readonly action?: unknown }): Answered {
    const known = ['typing_on', 'sending_photo', 'sending_video', 'sending_audio', 'sending_file', 'mark_seen'];
    if (typeof given.action !== 'string' || !known.includes(given.action) || Object.keys(given).length !== 1)
      return fail(400, 'proto.payload', 'action: unexpected value');
    this.marks.push(`${given.action} ${chat}`);
    return json({ success: true });
  }

  #subscribe(given: { url: string; update_types: readonly string[]; secret: string }): Answered {
    if (!/^[A-Za-z0-9_-]{5,256}$/.test(given.secret)) return fail(400, 'proto.payload', 'secret is invalid');
    this.subscriptions = [...this.subscriptions.filter(({ url }) => url !== given.url), given];
    return json({ success: true });
  }

  #poll(query: URLSearchParams): Answered {
    if (this.subscriptions.length > 0) return fail(409, 'subscribed', 'a webhook is set');
    const from = Number(query.get('marker') ?? 0);
    return json({ updates: this.updates.slice(from), marker: this.updates.length });
  }

  #take(asked: Asked): Answered {
    const { data } = formParts(asked);
    if (data === undefined) return fail(400, 'bad.request', 'expected a file');
    this.uploads.push({ name: data.filename, body: data.body.toString('utf8') });
    if (asked.path.endsWith('/video')) return { body: '<retval>1</retval>' };
    return asked.path.endsWith('/image')
      ? json({ photos: { a: { token: 'p1' } } })
      : json({ fileId: 5, token: `f${this.uploads.length}` });
  }

  #send({ query, body }: Asked): Answered {
    const given = JSON.parse(String(body)) as { text?: string | null; attachments?: readonly { type: string }[] };
    const to = query.get('chat_id') ?? query.get('user_id') ?? '';
    if (!/^-?\d+$/.test(to)) return fail(400, 'proto.payload', 'user_id or chat_id expected');
    if (to === '403') return fail(403, 'chat.denied', 'chat.denied');
    if ((given.text ?? '').length > 4000) return fail(400, 'proto.payload', 'text: size must be between 0 and 4000');
    if (given.attachments !== undefined && this.notReady > 0) {
      this.notReady -= 1;
      return fail(400, 'attachment.not.ready', 'Key: errors.process.attachment.video.not.processed');
    }
    this.messages.push({ to, text: given.text ?? null, attachments: given.attachments ?? null });
    return json({ message: { body: { mid: `out.${this.messages.length}`, seq: 1, text: given.text } } });
  }
}

function fail(status: number, code: string, message: string): Answered {
  return json({ code, message }, status);
}

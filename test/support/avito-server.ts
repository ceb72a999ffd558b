import { type Answered, type Asked, formParts, json, ScriptedService } from './scripted-service.ts';

/** A message as Avito keeps it. */
export interface AvitoMessage {
  readonly id: string;
  readonly author_id: number;
  readonly created: number;
  type: string;
  content: Readonly<Record<string, unknown>>;
  readonly quote?: object;
}

/** A conversation as Avito keeps it. */
export interface AvitoChat {
  readonly id: string;
  updated: number;
  readonly type: 'u2i' | 'u2u' | 'a2u';
  readonly context: object;
  readonly users: readonly object[];
  readonly messages: AvitoMessage[];
}

/**
 * The methods of Avito's API that we use, as strict as documented (developers.avito.ru/api-catalog/messenger). Some things are known
 * from public clients only: messages come inside an object, and the newest come first.
 */
export class AvitoServer extends ScriptedService {
  readonly clientId = 'avito-client-id';
  readonly clientSecret = 'avito-client-secret';
  readonly account = 94_235_311;
  readonly chats = new Map<string, AvitoChat>();
  /** What clients see of the messages that we sent. */
  readonly messages: { readonly chat: string; readonly text: string | null; readonly image: string | null }[] = [];
  readonly images = new Map<string, Buffer>();
  readonly files = new Map<string, Buffer>();
  /** Voice messages by their id, with the path of their file. */
  readonly voices = new Map<string, string>();
  subscriptions: { url: string; version: string }[] = [];
  /** Tokens that are valid. */
  readonly tokens = new Set<string>();
  /** Whether the account's plan includes the messenger API. */
  isPaid = true;
  /** Whether messages come as a bare list, as in the documentation. */
  isBare = false;
  /** Conversations that are listed but can't be read. */
  readonly unreadable = new Set<string>();
  /** How many of the next files are refused. */
  failFiles = 0;
  /** How many of the next messages are not taken. */
  failMessages = 0;
  /** Whether messages are taken but the answer says otherwise. */
  losesAnswers = false;
  /** Whether it can't reach the address of the webhook. */
  refusesHooks = false;
  root = '';
  /** Files are given out only after this. */
  hold: Promise<void> = Promise.resolve();
  #serial = 0;

  constructor() {
    super((asked) => this.#answer(asked));
  }

  /** A conversation of client 42 about an advertisement, or about nothing. */
  addChat(id: string, more: Partial<AvitoChat> & { readonly client?: number } = {}): AvitoChat {
    const { client = 42, ...rest } = more;
    const profile = { user_id: client, url: `https://avito.example/user/${client}/profile` };
    const chat: AvitoChat = {
      id,
      type: 'u2i',
      updated: 0,
      context: {
        type: 'item',
        value: {
          id: 1_768_287_444,
          title: 'Mazda 3 2008',
          price_string: '300 000 ₽',
          url: 'https://avito.example/mazda_3_1768287444',
          user_id: this.account,
          status_id: 10,
        },
      },
      users: [
        { id: this.account, name: 'Shop' },
        { id: client, name: 'Ivan', public_user_profile: profile },
      ],
      messages: [],
      ...rest,
    };
    this.chats.set(id, chat);
    return chat;
  }

  /** Adds a message to a conversation, which it makes the latest. */
  add(chat: string, message: Pick<AvitoMessage, 'content'> & Partial<AvitoMessage>): AvitoMessage {
    this.#serial += 1;
    const place = this.chats.get(chat) ?? this.addChat(chat);
    const whole = {
      id: `m${String(this.#serial).padStart(6, '0')}`,
      author_id: 42,
      created: Math.floor(Date.now() / 1000),
      type: 'text',
      ...message,
    };
    place.messages.push(whole);
    place.updated = Math.max(place.updated, whole.created);
    return whole;
  }

  /** The webhook that reports a message. */
  reports(chat: string, message: AvitoMessage): object {
    const { id, author_id, created, type, content } = message;
    const place = this.chats.get(chat);
    const item_id = place?.type === 'u2i' ? 1_768_287_444 : null;
    const published_at = new Date(created * 1000).toISOString().replace('.000', '');
    const value = {
      id,
      chat_id: chat,
      user_id: this.account,
      author_id,
      created,
      type,
      content,
      item_id,
      published_at,
    };
    const timestamp = created;
    return {
      id: `hook-${id}`,
      version: 'v3.0.0',
      timestamp,
      payload: { type: 'message', value: { ...value, chat_type: place?.type ?? 'u2i' } },
    };
  }

  #answer(asked: Asked): Answered | Promise<Answered> {
    const { method, path, headers } = asked;
    if (path.startsWith('/files/')) return this.hold.then(() => this.#file(path.slice(7)));
    if (path === '/token') return this.#token(asked);
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (!this.tokens.has(token)) return fail(401, 'Unauthorized');
    if (method === 'GET' && path === '/core/v1/accounts/self') return json({ id: this.account, name: 'Shop' });
    if (!this.isPaid) return fail(402, 'Payment required');
    const [, version, account, rest = ''] = /^\/messenger\/v(\d)\/accounts\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (version === undefined) return this.#subscription(asked);
    if (account !== String(this.account)) return fail(403, 'Forbidden');
    const [kind = '', chat = '', ...more] = rest.split('/').map(decodeURIComponent);
    switch (`${method} v${version} ${kind}${chat === '' ? '' : '/CHAT'}${more.map((one) => `/${one}`).join('')}`) {
      case 'GET v2 chats':
        return this.#list(asked.query);
      case 'GET v2 chats/CHAT':
        return this.#chat(chat, (found) => json(this.#shown(found)));
      case 'GET v3 chats/CHAT/messages/':
        return this.#chat(chat, (found) => this.#history(found, asked.query));
      case 'POST v1 chats/CHAT/messages':
        return this.#chat(chat, (found) => this.#sendText(found, parsed(asked)));
      case 'POST v1 chats/CHAT/messages/image':
        return this.#chat(chat, (found) => this.#sendImage(found, parsed(asked)));
      case 'POST v1 uploadImages':
        return this.#upload(asked);
      case 'GET v1 getVoiceFiles':
        return this.#voiceFiles(asked.query);
      default:
        return fail(404, 'Not found');
    }
  }

  #token({ method, headers, body }: Asked): Answered {
    const form = new URLSearchParams(String(body));
    if (method !== 'POST' || headers['content-type'] !== 'application/x-www-form-urlencoded')
      return fail(400, 'Bad Request');
    const isKnown = form.get('client_id') === this.clientId && form.get('client_secret') === this.clientSecret;
    if (form.get('grant_type') !== 'client_credentials' || !isKnown)
      return json({ error: 'invalid_client', error_description: 'client authentication failed' });
    this.#serial += 1;
    const access_token = `token-${this.#serial}`;
    this.tokens.add(access_token);
    return json({ access_token, expires_in: 86_400, token_type: 'Bearer' });
  }

  #subscription(asked: Asked): Answered {
    const url = asked.body.length === 0 ? undefined : parsed(asked).url;
    switch (`${asked.method} ${asked.path}`) {
      case 'POST /messenger/v1/subscriptions':
        return json({ subscriptions: this.subscriptions });
      case 'POST /messenger/v3/webhook':
        if (typeof url !== 'string' || !/^https?:\/\//.test(url))
          return fail(400, 'Validation error', { url: 'wrong' });
        if (this.refusesHooks) return fail(400, `cannot reach ${url}`);
        this.subscriptions = [...this.subscriptions.filter((one) => one.url !== url), { url, version: '3' }];
        return json({ ok: true });
      case 'POST /messenger/v1/webhook/unsubscribe':
        this.subscriptions = this.subscriptions.filter((one) => one.url !== url);
        return json({ ok: true });
      default:
        return fail(404, 'Not found');
    }
  }

  #chat(id: string, answer: (chat: AvitoChat) => Answered): Answered {
    const chat = this.chats.get(id);
    return chat === undefined || this.unreadable.has(id) ? fail(404, 'Not found') : answer(chat);
  }

  #shown({ id, context, users, updated, messages }: AvitoChat): object {
    const last = messages.at(-1);
    const created = messages[0]?.created ?? updated;
    return { id, context, users, created, updated, ...(last && { last_message: this.#seen(last) }) };
  }

  #seen(message: AvitoMessage): object {
    const direction = message.author_id === this.account ? 'out' : 'in';
    return { ...message, direction, is_read: false, read: null };
  }

  #list(query: URLSearchParams): Answered {
    const types = (query.get('chat_types') ?? 'u2i').split(',');
    const known = [...this.chats.values()].filter(({ type }) => types.includes(type));
    const page = pageOf(
      known.toSorted((a, b) => b.updated - a.updated),
      query,
    );
    return page === null ? fail(400, 'Bad Request') : json({ chats: page.map((chat) => this.#shown(chat)) });
  }

  #history({ messages }: AvitoChat, query: URLSearchParams): Answered {
    const sorted = messages
      .map((one, i) => ({ one, i }))
      .toSorted((a, b) => b.one.created - a.one.created || b.i - a.i);
    const page = pageOf(
      sorted.map(({ one }) => this.#seen(one)),
      query,
    );
    if (page === null) return fail(400, 'Bad Request');
    return json(this.isBare ? page : { messages: page, meta: { has_more: false } });
  }

  #sendText(chat: AvitoChat, { type, message }: Record<string, unknown>): Answered {
    const { text } = (message ?? {}) as { text?: unknown };
    if (type !== 'text' || typeof text !== 'string' || text === '')
      return fail(400, 'Validation error', { text: 'empty' });
    if (text.length > 1000) return fail(400, 'Validation error', { text: 'too long' });
    const sent = this.add(chat.id, { author_id: this.account, content: { text } });
    this.messages.push({ chat: chat.id, text, image: null });
    if (this.losesAnswers) return fail(500, 'Error while processing request');
    return json({ id: sent.id, created: sent.created, direction: 'out', type: 'text', content: { text } });
  }

  #sendImage(chat: AvitoChat, { image_id }: Record<string, unknown>): Answered {
    if (this.failMessages > 0) {
      this.failMessages -= 1;
      return fail(500, 'Error while processing request');
    }
    const image = String(image_id);
    if (!this.images.has(image)) return fail(400, 'Validation error', { image_id: 'unknown' });
    const content = {
      image: { sizes: { '1280x960': `${this.root}/files/${image}`, '32x32': `${this.root}/files/x` } },
    };
    const sent = this.add(chat.id, { author_id: this.account, type: 'image', content });
    this.messages.push({ chat: chat.id, text: null, image: String(this.images.get(image)) });
    if (this.losesAnswers) return fail(500, 'Error while processing request');
    return json({
      id: sent.id,
      author_id: this.account,
      created: sent.created,
      direction: 'out',
      type: 'image',
      content,
    });
  }

  #upload(asked: Asked): Answered {
    const part = formParts(asked)['uploadfile[]'];
    if (part === undefined || part.filename === null) return fail(400, 'Bad Request');
    if (part.body.length > 24 * 1024 * 1024) return fail(400, 'Validation error');
    const id = `12345.${this.images.size}image`;
    this.images.set(id, part.body);
    this.files.set(id, part.body);
    return json({ [id]: { '1280x960': `${this.root}/files/${id}` } });
  }

  #voiceFiles(query: URLSearchParams): Answered {
    const wanted = (query.get('voice_ids') ?? '').split(',');
    const known = wanted.flatMap((id) =>
      this.voices.has(id) ? [[id, `${this.root}/files/${this.voices.get(id)}`]] : [],
    );
    return json({ voices_urls: Object.fromEntries(known) });
  }

  #file(name: string): Answered {
    if (this.failFiles > 0) {
      this.failFiles -= 1;
      return { status: 503 };
    }
    const body = this.files.get(name);
    return body === undefined ? { status: 404 } : { body };
  }
}

/** A page of a list; null if the limits are wrong. */
function pageOf<One>(all: readonly One[], query: URLSearchParams): readonly One[] | null {
  const [limit, offset] = [Number(query.get('limit') ?? 100), Number(query.get('offset') ?? 0)];
  const isValid = Number.isInteger(limit) && limit >= 1 && limit <= 100 && Number.isInteger(offset);
  return isValid && offset >= 0 && offset <= 1000 ? all.slice(offset, offset + limit) : null;
}

function parsed({ body }: Asked): Record<string, unknown> {
  return JSON.parse(String(body)) as Record<string, unknown>;
}

function fail(code: number, message: string, fields?: object): Answered {
  return json({ error: { code, message, ...(fields && { fields }) } }, code);
}

import type { Onec } from '../../../support/onec/onec.ts';

/** What a request was answered. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever 1C answers
  readonly body: any;
}

/** A bare caller of the scripted 1C, for its own tests. */
export class OnecClient {
  readonly #onec: Onec;
  readonly #credentials: string;

  constructor(onec: Onec, user = 'Обмен', password = 'секрет') {
    this.#onec = onec;
    this.#credentials = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  }

  /** Reads a set or an object, as JSON without metadata. */
  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send('GET', path, { query });
  }

  /** The rows of a set; throws on an error. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever 1C answers
  async rows(path: string, query: Readonly<Record<string, string>> = {}): Promise<any[]> {
    const { body, text } = await this.get(path, query);
    if (body?.value === undefined) throw new Error(text);
    return body.value;
  }

  async post(path: string, fields: Readonly<Record<string, unknown>>): Promise<Reply> {
    return this.send('POST', path, { fields });
  }

  async patch(path: string, fields: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
    return this.send('PATCH', path, { fields, headers });
  }

  async send(
    method: string,
    path: string,
    {
      query = {},
      fields,
      headers = {},
    }: {
      readonly query?: Readonly<Record<string, string>>;
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Reply> {
    const text = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const answer = await fetch(`${this.#onec.odataUrl}${path}${text === '' ? '' : `?${text}`}`, {
      method,
      headers: {
        authorization: `Basic ${this.#credentials}`,
        accept: 'application/json;odata=nometadata',
        'content-type': 'application/json',
        ...headers,
      },
      ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
    });
    return replyOf(answer);
  }
}

async function replyOf(answer: Response): Promise<Reply> {
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json') && text !== '';
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : null };
}

/** A request within the size limits that an attacker sends repeatedly. */
export interface AttackInput {
  readonly what: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  /** Whether it is sent with an administrator's token. */
  readonly isAuthenticated?: boolean;
  /** Number of concurrent requests; one by default. */
  readonly atOnce?: number;
  /** Sends only an incomplete request, and keeps this many such connections open. */
  readonly halfSent?: number;
}

const line = `2024-01-01 12 x 2024 ${'<'.repeat(110)}${'@'.repeat(265)}\n`;
const hostileText = Object.fromEntries(['name', 'phone', 'comment', 'a', 'b'].map((field) => [field, line.repeat(49)]));
const digits = { comment: '8 (916) '.repeat(12_000) };
const megabyte = 1024 * 1024 - 100;
const form = '/api/v1/forms/site';
const json = (value: object) => JSON.stringify(value);

/** The attacks during which other users are measured. */
export const attackInputs: readonly AttackInput[] = [
  { what: 'forms of 98 kB of brackets and dates', path: form, method: 'POST', body: json(hostileText) },
  { what: 'forms of 96 kB of beginnings of numbers', path: form, method: 'POST', body: json(digits) },
  {
    what: 'forms of 1 MB in one field',
    path: form,
    method: 'POST',
    body: json({ comment: 'x '.repeat(megabyte / 2) }),
  },
  { what: 'forms of 1 MB of brackets', path: form, method: 'POST', body: '['.repeat(megabyte) },
  {
    what: 'logins with 1 MB of JSON',
    path: '/api/v1/session',
    method: 'POST',
    body: json({ login: 'x'.repeat(megabyte) }),
  },
  {
    what: 'a flood of logins',
    path: '/api/v1/session',
    method: 'POST',
    body: json({ login: 'a', password: 'guess' }),
    atOnce: 40,
  },
  { what: '500 half-sent bodies', path: form, method: 'POST', body: '{"name":"x"}', halfSent: 500 },
  {
    what: 'a reader of large lists',
    path: '/api/v1/interactions?limit=200',
    method: 'GET',
    isAuthenticated: true,
    atOnce: 4,
  },
  {
    what: 'a search for everybody',
    path: '/api/v1/clients?q=%D0%B0&limit=200',
    method: 'GET',
    isAuthenticated: true,
    atOnce: 4,
  },
];

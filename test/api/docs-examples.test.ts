import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../src/api/cookie.ts';
import { problemSlugs } from '../../src/api/problem.ts';
import type { Staff } from '../../src/domain/directory/manager.ts';
import { manager, type Office, openOffice, staff } from '../support/office.ts';

const run = promisify(execFile);
const crmToken = 'token-of-the-crm';
const text = readFileSync(new URL('../../docs/rest.md', import.meta.url), 'utf8');

/** A fenced block of the page and its first line. */
interface Block {
  readonly language: string;
  readonly content: string;
  readonly line: number;
}

const blocks: readonly Block[] = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((found) => ({
  language: found[1] ?? '',
  content: found[2] ?? '',
  line: text.slice(0, found.index).split('\n').length,
}));

/** The request or status line, the headers and the body of an HTTP message. */
function messageOf(content: string) {
  const [head = '', ...body] = content.split('\n\n');
  const [first = '', ...lines] = head.trim().split('\n');
  const headers = lines.map((line) => /^([\w-]+): (.*)$/.exec(line)?.slice(1) as [string, string]);
  return { first, headers, body: body.join('\n\n') };
}

/** Whether a response contains what the page shows. A text ending in `…` is a prefix; arrays must have the same length. */
function expectShown(answer: unknown, shown: unknown, path = ''): void {
  if (Array.isArray(shown)) {
    expect(answer, path).toHaveLength(shown.length);
    for (const [i, item] of shown.entries()) expectShown((answer as unknown[])[i], item, `${path}/${i}`);
  } else if (typeof shown === 'object' && shown !== null) {
    expect(answer, path).toBeTypeOf('object');
    for (const [key, value] of Object.entries(shown))
      expectShown((answer as Record<string, unknown>)[key], value, `${path}/${key}`);
  } else if (typeof shown === 'string' && shown.endsWith('…')) {
    expect(answer, path).toMatch(new RegExp(`^${shown.slice(0, -1)}`));
  } else {
    expect(answer, path).toEqual(shown);
  }
}

describe('docs/rest.md', () => {
  const people: Staff = {
    ...staff,
    managers: [manager('ivanova', 'Anna Ivanova', '101', 'anna'), manager('petrov', 'Petr Petrov', '102', null)],
  };
  let office: Office;
  /** The id in the most recent response that had one. */
  let id = '';

  beforeAll(async () => {
    office = await openOffice({
      staff: () => people,
      sending: () => [
        { connection: 'mail', channel: 'email', to: 'email', lines: [] },
        { connection: 'pbx', channel: 'call', to: 'phone', lines: [] },
      ],
    });
    const crm = {
      name: 'crm',
      role: 'integration' as const,
      tokenHash: hashToken(crmToken),
      createdAt: office.clock.now(),
    };
    await office.intake.apply([
      { op: 'staff', staff: people, at: office.clock.now() },
      { op: 'put-token', token: crm },
    ]);
  });
  afterAll(() => office.close());

  it.each(
    blocks
      .map((block, i) => ({ ...block, next: blocks[i + 1] }))
      .filter(({ language, content }) => language === 'sh' || (language === 'http' && !content.startsWith('HTTP/'))),
  )('runs as shown in line $line', async ({ language, content, next }) => {
    if (language === 'sh') {
      expect(next?.language).toBe('json');
      const env = { ...process.env, PATCHBAY: office.url, TOKEN: crmToken };
      const { stdout } = await run('bash', ['-euc', content.replaceAll('curl ', 'curl -sS ')], { env });
      expectShown(JSON.parse(stdout), JSON.parse(next?.content ?? ''));
      return;
    }
    const request = messageOf(content.replaceAll('{id}', id));
    const [method = '', path = ''] = request.first.split(' ');
    const response = await fetch(`${office.url}${path}`, {
      method,
      headers: [['authorization', `Bearer ${crmToken}`], ...request.headers],
      ...(request.body !== '' && { body: request.body }),
    });
    const answer = (await response.json()) as { id?: string };
    id = answer.id ?? id;

    expect(next?.language).toBe('http');
    const shown = messageOf(next?.content ?? '');
    expect(`HTTP/1.1 ${response.status} ${response.statusText}`).toBe(shown.first);
    for (const [name, value] of shown.headers) expect(response.headers.get(name)?.split('; ')[0], name).toBe(value);
    expectShown(answer, JSON.parse(shown.body));
  });

  it('explains each problem type under its own heading', () => {
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([...problemSlugs]);
  });
});

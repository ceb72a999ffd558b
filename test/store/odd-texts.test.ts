import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCleanDeep } from '../../src/domain/base/clean-text.ts';
import { type ClientId, eventKey } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { keepClients } from '../../src/matching/import/keep-clients.ts';
import { applied } from '../support/applied.ts';
import { call, client, endedCall } from '../support/calls.ts';
import { storeUrl } from '../support/test-store.ts';
import { attachment, letter, report, writtenAt } from '../support/written.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-odd-texts-'));
let serial = 0;

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Words with characters that PostgreSQL rejects: NUL, or half of a surrogate pair. */
const odd = { NUL: 'a\0b', 'a lone high half': 'a\ud83d', 'a lone low half': '\ude00b' } as const;

describe.each(Object.entries(odd))('texts with %s', (_name, text) => {
  let store: Store;

  beforeEach(async () => {
    serial += 1;
    store = await openStore({
      url: storeUrl(join(directory, `${serial}.db`)),
      country: 'RU',
      publicUrl: 'http://pb',
    });
    await store.apply([{ op: 'destinations', names: ['crm'], at: 1 }]);
  });

  afterEach(() => store.close());

  it('are cleaned and kept in every field of a contact', async () => {
    const oddLetter = letter(text, {
      party: {
        phone: text,
        email: 'ivan@example.com',
        account: { kind: text, connection: text, id: text, username: text },
        name: text,
      },
      line: text,
      from: text,
      subject: text,
      text: `${'x'.repeat(500)}${text}`,
      attachments: [{ ...attachment, name: text, mime: text }],
      thread: text,
      answers: [eventKey('mail', text)],
      attribution: {
        source: text,
        medium: text,
        campaign: text,
        content: text,
        term: text,
        page: text,
        referrer: text,
        ids: { [text]: text },
      },
      handle: { [text]: text },
    });
    const events = [
      oddLetter,
      report(text, { problem: text }),
      endedCall(text, { party: { raw: text, name: text, withheld: false }, dialled: text }),
    ];

    const kept = await applied(
      store,
      events.map((event): Write => ({ op: 'contact', event })),
    );

    expect(kept.length).toBeGreaterThanOrEqual(2);
    const { items } = await store.read.interactions({ limit: 10, cursor: null });
    expect(items).toHaveLength(2);
    expect(isCleanDeep(items)).toBe(true);
    expect(await store.read.knownKeys([oddLetter.key])).toEqual(new Set([oddLetter.key]));
  });

  it('do not make a repeat a new contact', async () => {
    await applied(store, [{ op: 'contact', event: call(text) }]);
    expect(await applied(store, [{ op: 'contact', event: call(text) }])).toEqual([]);
  });

  it('are kept in names given by connectors, people and programs', async () => {
    const by = { id: text, name: text };
    const expiresAt = writtenAt + 1e6;
    const writes: readonly Write[] = [
      { op: 'cursor', connection: text, name: text, value: text },
      { op: 'put-user', user: { login: text, role: 'admin', manager: text, passwordHash: text } },
      { op: 'put-token', token: { tokenHash: text, name: text, role: 'admin', createdAt: 1 } },
      { op: 'open-session', session: { tokenHash: text, login: text, expiresAt } },
      {
        op: 'routed',
        call: eventKey('pbx', text),
        route: { decision: 'queue', to: text, trace: [] } as never,
        responsible: by,
        turn: { group: text, manager: text },
        at: writtenAt,
      },
      { op: 'hold-number', hold: { number: text, from: 1, until: 2, visit: text, marks: { [text]: text } } as never },
      { op: 'destinations', names: [text], at: 1 },
    ];

    await applied(store, writes);

    expect(isCleanDeep(await store.read.cursor(text, text))).toBe(true);
    expect(await store.read.cursor(text, text)).not.toBeNull();
    expect(await store.read.user(text)).not.toBeNull();
    expect(isCleanDeep(await store.read.lastTurns())).toBe(true);
  });

  it('in one client of a hundred keep none of them out of the directory', async () => {
    const clients = Array.from({ length: 100 }, (_, i) =>
      client(
        `c${i}`,
        [],
        i === 50 ? { name: text, segment: text, responsible: text, fields: [{ label: text, value: text }] } : {},
      ),
    );

    const refused = await keepClients(clients, (writes) => store.apply(writes), 1);

    expect(refused.size).toBe(0);
    for (const id of ['c0', 'c50', 'c99']) expect(isCleanDeep(await store.read.client(id as ClientId))).toBe(true);
    expect((await store.read.clients({ limit: 200, cursor: null })).items).toHaveLength(100);
  });

  it('find nothing in a query, and cause no error', async () => {
    const page = { limit: 10, cursor: null };
    expect((await store.read.clients({ ...page, q: text })).items).toEqual([]);
    expect((await store.read.interactions({ ...page, thread: text })).items).toEqual([]);
    expect(await store.read.client(text as ClientId)).toBeNull();
    expect(await store.read.session(text)).toBeNull();
  });
});

describe('clients that the store rejects', () => {
  it('are reported individually, and do not affect the others', async () => {
    const clients = Array.from({ length: 20 }, (_, i) => client(`c${i}`, []));
    const bad = clients[7];
    const refused = await keepClients(
      clients,
      async (writes) =>
        writes.map((write) =>
          write.op === 'put-clients' && write.clients.some((one) => one === bad)
            ? { ok: false, code: 'invalid', message: 'not kept' }
            : { ok: true, changes: [], followUps: [] },
        ),
      1,
    );
    expect([...refused]).toEqual([bad]);
  });
});

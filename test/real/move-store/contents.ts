import { eventKey, newInteractionId } from '../../../src/domain/base/ids.ts';
import { noMarks } from '../../../src/domain/interaction/attribution.ts';
import type { CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import type { BlobId } from '../../../src/domain/ports/blobs.ts';
import type { Page, PageQuery } from '../../../src/domain/ports/queries.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import type { Write } from '../../../src/domain/ports/writes.ts';
import type { WrittenBody } from '../../../src/domain/written/written-contact.ts';
import { meeting } from '../../store/retention-conformance.ts';
import { call, callStart, client, endedCall, leg, manager } from '../../support/calls.ts';
import { answerTo, attachment, because, letter, report } from '../../support/written.ts';

const anna = { id: 'a', name: 'Manager a' };
/** An event that the store rejected. */
const refused = {
  ...{
    id: '01a00000-0000-7000-8000-000000000001',
    connection: 'mail',
    key: 'k',
    reason: 'by a fault of ours',
    faultReason: because('programFault'),
    version: '0',
  },
  ...{
    source: { facts: { role: 'inbox' }, blob: attachment.blob, bytes: 7 },
    at: callStart,
    triedAt: callStart,
    tries: 1,
  },
};
/** More calls of one number than are matched again at once. */
const manyCalls = 520;
/** The newest of them, which is matched again at once, so repeating it changes nothing. */
export const newestCall = manyCalls - 1;
const switchboard = '+74957654321';
/** Interactions of an earlier month, each in the PostgreSQL partition of its id, with text in every script. */
const strange = 'ООО «Ёлка» & "Söhne" 东京 🙂 \\ \' \t end';

const letterBody: WrittenBody = {
  ...{ blob: 'cd'.repeat(32) as BlobId, mime: 'text/html', quotedAt: 40, remoteImages: true },
  inline: [{ contentId: 'logo@x', blob: attachment.blob, mime: 'image/png' }],
};
const others = [{ email: 'p@example.com', name: strange }];
const party = (raw: string) => ({ raw, name: strange, withheld: false });

/** One of the many calls, as the PBX may report it again. Each begins a little after the previous one. */
export function callAgain(i: number): CallSnapshot {
  return endedCall(`many ${i}`, { startedAt: callStart + i, party: party(switchboard) });
}

/** Fills a store through its writes, so that no table is empty. */
export async function fillStore(store: Store): Promise<void> {
  const at = Date.now();
  const apply = async (...writes: Write[]) => {
    const results = await store.apply(writes);
    return results.flatMap((result) => {
      if (!result.ok) throw new Error(result.message);
      return result.changes.map(({ interaction }) => interaction);
    });
  };
  // A letter under the key of an expired interaction leaves only its file.
  const [gone, longAgo] = [eventKey('mail', 'gone'), Date.UTC(2020, 0, 15)];
  await apply({ op: 'record', id: newInteractionId(longAgo), key: gone, interaction: meeting, by: anna, at: longAgo });
  const { signal } = new AbortController();
  await store.housekeep({ now: at, keepFrom: Date.UTC(2021, 0), keepDetached: false, signal });
  await apply({
    op: 'contact',
    event: letter('gone', { attachments: [{ ...attachment, blob: 'ef'.repeat(32) as BlobId }] }),
  });
  const contact = (event: Extract<Write, { op: 'contact' }>['event']): Write => ({ op: 'contact', event });
  await apply(
    { op: 'staff', staff: { managers: [manager('a', '101', { name: strange }), manager('b', '102')], lines: [] }, at },
    { op: 'destinations', names: ['crm', 'warehouse'], wants: { warehouse: ['interaction', 'task'] }, at },
    {
      op: 'ledger',
      of: { destination: 'warehouse', kind: 'task', subject: 't1' },
      step: 'add',
      state: 'done',
      remote: strange,
      at,
    },
    { op: 'vault', owner: 'warehouse', name: 'token', sealed: 'v1.c2VhbGVk' },
    {
      op: 'put-clients',
      clients: [
        client('c1', ['+79161234567'], { name: strange, deals: [{ id: 'd1', name: 'D', stage: null, url: null }] }),
        client('c2', ['+79161234567'], {
          contacts: [{ id: 'p', name: 'Pyotr', identifiers: [{ kind: 'email', value: 'p@example.com' }] }],
        }),
      ],
      at,
    },
    {
      op: 'hold-number',
      hold: { number: '+74951230001', visit: 'v', from: at, until: at + 1000, marks: { ...noMarks, source: 's' } },
    },
    { op: 'cursor', connection: 'pbx', name: 'cdr', value: '42' },
    { op: 'put-user', user: { login: 'anna', role: 'operator', manager: 'a', passwordHash: 'x' } },
    { op: 'open-session', session: { tokenHash: 's', login: 'anna', expiresAt: at + 1e9 } },
    { op: 'put-token', token: { name: 't', role: 'integration', tokenHash: 'th', createdAt: at } },
    {
      op: 'audit',
      entry: {
        id: newInteractionId(at),
        at,
        who: 'anna',
        action: 'read-client',
        what: 'GET /clients/:id',
        subject: 'c1',
        count: null,
        address: '::1',
      },
    },
    { op: 'quarantine', entry: { ...refused, event: letter('refused', { text: strange }) } },
    { op: 'recording-heard', recording: 'r', by: 'anna', at },
    { op: 'recording-heard', recording: 'r', by: 'anna', at },
  );
  const recording = { file: 'a.wav', path: '/rec/a.wav', leg: 0, kind: 'call', state: 'ready' } as const;
  const sound = { startedAt: at, seconds: 9, mime: 'audio/wav', bytes: 100 } as const;
  const recordings = [
    { ...recording, ...sound },
    { ...recording, ...sound, file: 'b.wav', path: null, blob: 'fa'.repeat(32) as BlobId },
  ];
  const missedLeg = leg('101', { rangAt: at, endedAt: at + 20_000, outcome: 'cancelled' });
  const missed = { state: 'missed', startedAt: at, endedAt: at + 20_000, legs: [missedLeg] } as const;
  const [shared] = await apply(contact(endedCall('1', { recordings })));
  const spoken = { side: 'client', manager: null, from: 0, to: 1.5, text: strange } as const;
  await apply({
    ...({ op: 'put-transcript', interaction: shared?.id as never, by: 'anna', at } as const),
    ...{ recording: shared?.recordings[0]?.id ?? '', transcript: { language: 'ru', source: null, phrases: [spoken] } },
  });
  await apply(
    { op: 'decide', id: shared?.id as never, ifRevision: null, by: anna, decision: { client: 'c1' as never }, at },
    {
      ...{ op: 'decide', id: shared?.id as never, ifRevision: null, by: anna, at },
      decision: { note: strange, object: { type: 'deal', id: 'd7' } },
    },
    contact(call('live', { party: party('89160000002') })),
    contact(call('missed', { ...missed, party: party('89160000003') })),
    contact(letter('l1', { at, text: `${strange}\n\0`, attachments: [attachment], body: letterBody, others })),
    contact(
      letter('m1', {
        ...{ channel: 'message', thread: 'bot:42', at },
        party: {
          phone: '+79160000009',
          email: null,
          account: { kind: 'telegram', connection: 'bot', id: '42', username: null },
          name: 'I',
        },
      }),
    ),
    contact(answerTo('l1', 'l2', { at: at + 1000 })),
    contact(answerTo('never seen', 'l3', { at })),
    contact(report('unknown', { at })),
    contact(report('l2', { at, undeliverable: [{ email: 'p@example.com', status: '5.1.1', why: strange }] })),
    {
      ...{ op: 'routed', call: eventKey('pbx', 'early'), responsible: null, at },
      route: { decision: 'group', to: '101', trace: [] },
      turn: { group: 'sales', manager: 'a' },
    },
    {
      ...{ op: 'send', key: eventKey('api', '1'), channel: 'email', answers: null, connection: 'mail', by: anna, at },
      content: {
        ...{ manager: 'a', to: { email: 'i@example.com', phone: null, account: null, name: null } },
        ...{ subject: 'Re', text: 'Ten', attachments: [], line: null },
      },
      expiresAt: at + 1e9,
    },
    ...Array.from({ length: manyCalls }, (_, i) => contact(callAgain(i))),
  );
  const parked = { kind: 'park', reason: because('400 refused') } as const;
  const done = { kind: 'done', link: { id: '7', url: null, client: null, deal: 'd8' } } as const;
  const delivered = { op: 'delivered', kind: 'interaction', subject: shared?.id ?? '', at } as const;
  await apply(
    { ...delivered, destination: 'crm', revision: 3, outcome: done },
    { ...delivered, destination: 'warehouse', revision: 3, outcome: parked },
    { op: 'put-clients', clients: [client('many', [switchboard])], at },
  );
}

/** All pages of a listing. */
async function all<T>(ask: (page: PageQuery) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Page<T> = await ask({ limit: 200, cursor });
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = page.next;
  }
}

/** Answers whose order no store guarantees. */
function sorted<T extends object>(rows: readonly T[]): readonly T[] {
  const text = (row: T) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** All answers that a store can give. */
export async function contentsOf({ read }: Store) {
  const interactions = await all((page) => read.interactions(page));
  const ids = interactions.map(({ id }) => id);
  const attachments = interactions.flatMap((one) => one.attachments);
  const recordings = interactions.flatMap((one) => one.recordings);
  const later = Date.now() + 1e10;
  return {
    interactions,
    history: await Promise.all(ids.map((id) => read.interactionHistory(id))),
    ofManager: (await all((page) => read.interactions({ ...page, manager: 'a' }))).length,
    ofClient: (await all((page) => read.interactions({ ...page, client: 'c1' }))).length,
    ofDeal: await all((page) => read.interactions({ ...page, deal: 'd7' })),
    ofLinkedDeal: await all((page) => read.interactions({ ...page, deal: 'd8' })),
    ofPhone: (await all((page) => read.interactions({ ...page, phone: switchboard }))).length,
    ofThread: await all((page) => read.interactions({ ...page, thread: 'thread of l1' })),
    live: await read.liveCalls('pbx'),
    clients: sorted(await all((page) => read.clients(page))),
    byWord: sorted(await all((page) => read.clients({ ...page, q: 'елк' }))),
    byPhone: sorted(await all((page) => read.clients({ ...page, phone: '+79161234567' }))),
    undeliverable: await all((page) => read.undeliverable(page)),
    byEmail: await all((page) => read.clients({ ...page, email: 'p@example.com' })),
    leads: await all((page) => read.leads(page)),
    tasks: await all((page) => read.tasks(page)),
    owed: await all((page) => read.owed(page)),
    due: await read.owedDue('crm', later, 100),
    counts: sorted(await read.owedCounts()),
    relinks: await read.relinksPending(),
    recordings: await Promise.all(recordings.map(({ id }) => read.recording(id))),
    transcripts: await Promise.all(recordings.map(({ id }) => read.transcript(id))),
    letters: await Promise.all(ids.map((id) => read.letterBody(id))),
    attachments: await Promise.all(attachments.map(({ id }) => read.attachment(id))),
    known: await read.knownKeys(['1', 'live', 'many 7', 'never'].map((id) => eventKey('pbx', id))),
    loose: await read.looseBlobs('', 10),
    outbound: await read.outboundDue('mail', later, 10),
    numbers: await read.numberHolds(['+74951230001']),
    turns: await read.lastTurns(),
    cursor: await read.cursor('pbx', 'cdr'),
    people: [await read.user('anna'), await read.token('th'), await read.session('s'), await read.userCount()],
    desk: [await read.deskSeq('a'), await read.deskSince('a', (await read.deskSeq('a')) - 20)],
    hours: sorted(await read.hourCounts(Date.now() - 1e9)),
  };
}

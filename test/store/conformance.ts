import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientId, eventKey } from '../../src/domain/base/ids.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write } from '../../src/domain/ports/writes.ts';
import { call, callStart, client, endedCall, leg, manager } from '../support/calls.ts';
import { answerTo, because, letter } from '../support/written.ts';

const at = callStart;
const phone = '+79161234567';
/** Later than everything that these tests write, whatever the machine's clock says. */
const later = Date.parse('2999-01-01T00:00:00Z');
const boss = { id: 'boss', name: 'Boss' };

/** What every store must do; run for each implementation. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await store.apply([
        { op: 'staff', staff: { managers: [manager('a', '101'), manager('b', '102')], lines: [] }, at },
        { op: 'destinations', names: ['crm'], at },
      ]);
    });

    afterEach(() => store.close());

    async function apply(...writes: Write[]): Promise<readonly Change[]> {
      const results = await store.apply(writes);
      return results.flatMap((result) => {
        if (!result.ok) throw new Error(result.message);
        return result.changes;
      });
    }

    it('makes one interaction of one call, despite repeats', async () => {
      const [first] = await apply({ op: 'contact', event: call('1') });
      const again = await apply({ op: 'contact', event: call('1') });
      const ended = await apply({ op: 'contact', event: endedCall('1') });
      expect(again).toEqual([]);
      expect(ended[0]?.interaction).toMatchObject({ id: first?.interaction.id, revision: 2, state: 'answered' });
      expect((await store.read.interactions({ limit: 10, cursor: null })).items).toHaveLength(1);
    });

    it('keeps the location of a recording even if a later snapshot lacks it', async () => {
      const recording = {
        file: 'a.wav',
        path: '/rec/a.wav',
        leg: 0,
        kind: 'call',
        state: 'ready',
        startedAt: callStart,
        seconds: 9,
        mime: 'audio/wav',
        bytes: 100,
      } as const;
      const [found] = await apply({ op: 'contact', event: endedCall('1', { recordings: [recording] }) });
      const lost = { ...recording, path: null, state: 'pending', mime: null, bytes: null } as const;
      await apply({ op: 'contact', event: endedCall('1', { recordings: [lost] }) });
      const id = found?.interaction.recordings[0]?.id ?? '';
      expect(await store.read.recording(id)).toMatchObject({ path: '/rec/a.wav', mime: 'audio/wav' });
    });

    it('lists a call once under its manager after its start moves back', async () => {
      await apply({ op: 'contact', event: call('1') });
      await apply({ op: 'contact', event: endedCall('1', { startedAt: callStart - 60_000 }) });
      const page = await store.read.interactions({ limit: 10, cursor: null, manager: 'a' });
      expect(page.items.map((one) => one.startedAt)).toEqual([new Date(callStart - 60_000).toISOString()]);
    });

    it('owes each destination only the latest revision', async () => {
      const [first] = await apply({ op: 'contact', event: call('1') });
      await apply({ op: 'contact', event: endedCall('1') });
      const due = await store.read.owedDue('crm', later, 10);
      expect(due).toHaveLength(1);
      expect(due[0]).toMatchObject({ subject: first?.interaction.id, revision: 2, state: 'due' });
    });

    it('keeps a newer revision due after an older one is delivered, and stores links without a new revision', async () => {
      const [first] = await apply({ op: 'contact', event: call('1') });
      const subject = first?.interaction.id as string;
      await apply({ op: 'contact', event: endedCall('1') });
      const link = { id: '7', url: null, client: null, deal: null };
      const delivered = (revision: number): Write => ({
        op: 'delivered',
        destination: 'crm',
        kind: 'interaction',
        subject,
        revision,
        outcome: { kind: 'done', link },
        at,
      });
      await apply(delivered(1));
      expect(await store.read.owedDue('crm', later, 10)).toHaveLength(1);
      await apply(delivered(2));
      expect(await store.read.owedDue('crm', later, 10)).toHaveLength(0);
      expect(await store.read.interaction(subject as never)).toMatchObject({ revision: 2, links: { crm: link } });
    });

    it('parks a refused delivery, and makes it due again on request', async () => {
      const [first] = await apply({ op: 'contact', event: call('1') });
      const subject = first?.interaction.id as string;
      await apply({
        op: 'delivered',
        destination: 'crm',
        kind: 'interaction',
        subject,
        revision: 1,
        outcome: { kind: 'park', reason: because('400') },
        at,
      });
      const [parked] = (await store.read.owed({ limit: 10, cursor: null, state: 'parked' })).items;
      expect(parked).toMatchObject({ lastError: '400', attempts: 1 });
      await apply({ op: 'retry-delivery', id: parked?.id as string, at });
      expect(await store.read.owedDue('crm', later, 10)).toHaveLength(1);
    });

    it('matches a known phone, and gives earlier calls to a client that appears later', async () => {
      await apply({ op: 'contact', event: endedCall('1') });
      const [adopted] = await apply({ op: 'put-clients', clients: [client('c1', [phone], { responsible: 'a' })], at });
      expect(adopted?.interaction).toMatchObject({
        revision: 2,
        client: { id: 'c1' },
        responsible: { id: 'a' },
        match: { outcome: 'matched' },
      });
      const [next] = await apply({ op: 'contact', event: call('2') });
      expect(next?.interaction).toMatchObject({ revision: 1, client: { id: 'c1' } });
    });

    it('leaves a shared number ambiguous until a human chooses, and remembers the choice', async () => {
      await apply({ op: 'put-clients', clients: [client('c1', [phone]), client('c2', [phone])], at });
      const [first] = await apply({ op: 'contact', event: call('1') });
      expect(first?.interaction.match).toMatchObject({ outcome: 'ambiguous', decidedBy: 'auto' });
      expect(first?.interaction.match.candidates).toHaveLength(2);
      const id = first?.interaction.id as never;
      await apply({
        op: 'decide',
        id,
        ifRevision: 1,
        by: boss,
        decision: { client: 'c2' as ClientId, note: 'it is them' },
        at,
      });
      const [second] = await apply({ op: 'contact', event: call('2') });
      expect(second?.interaction).toMatchObject({
        client: { id: 'c2' },
        match: { outcome: 'matched', decidedBy: 'human', by: boss },
      });
      const stale = await store.apply([{ op: 'decide', id, ifRevision: 1, by: boss, decision: { client: null }, at }]);
      expect(stale[0]).toMatchObject({ ok: false, code: 'stale' });
    });

    it('removes a client but keeps the history', async () => {
      await apply({ op: 'put-clients', clients: [client('c1', [phone])], at }, { op: 'contact', event: call('1') });
      const [freed] = await apply({ op: 'delete-client', id: 'c1' as ClientId, at });
      expect(freed?.interaction).toMatchObject({ client: null, match: { outcome: 'unknown' } });
      expect(await store.read.client('c1' as ClientId)).toBeNull();
      expect(store.directory.hits({ kind: 'phone', value: phone })).toEqual([]);
    });

    it('forgets an identifier that a client no longer has', async () => {
      await apply({ op: 'put-clients', clients: [client('c1', [phone])], at });
      await apply({ op: 'put-clients', clients: [client('c1', ['+79990000000'])], at });
      expect(store.directory.hits({ kind: 'phone', value: phone })).toEqual([]);
      expect(store.directory.hits({ kind: 'phone', value: '+79990000000' })).toHaveLength(1);
    });

    it('merges two calls that turn out to be one into the older', async () => {
      const [one] = await apply({ op: 'contact', event: call('1') });
      await new Promise((resolve) => setTimeout(resolve, 2));
      const [two] = await apply({ op: 'contact', event: call('2', { legs: [leg('102')] }) });
      const changes = await apply({ op: 'contact', event: endedCall('1', { aliases: [eventKey('pbx', '2')] }) });
      const merged = await store.read.interaction(two?.interaction.id as never);
      expect(merged).toMatchObject({ mergedInto: one?.interaction.id, revision: 2 });
      expect(changes).toHaveLength(2);
      expect(await store.read.liveCalls('pbx')).toEqual([]);
      expect(
        await apply({ op: 'contact', event: endedCall('2', { key: eventKey('pbx', '2'), basis: 'record' }) }),
      ).toEqual([]);
    });

    it('moves human changes of a merged call to the remaining one', async () => {
      const [older] = await apply({ op: 'contact', event: call('1') });
      const [newer] = await apply({ op: 'contact', event: call('2') });
      await apply(
        { op: 'put-clients', clients: [client('c1', [])], at },
        {
          op: 'decide',
          id: newer?.interaction.id as never,
          ifRevision: null,
          by: { id: 'a', name: 'A' },
          decision: { client: 'c1' as never, note: 'wants a quote', disposition: 'sale' },
          at,
        },
      );
      await apply({ op: 'contact', event: call('1', { aliases: [call('2').key] }) });
      expect(await store.read.interaction(older?.interaction.id as never)).toMatchObject({
        client: { id: 'c1' },
        match: { decidedBy: 'human' },
        notes: [{ text: 'wants a quote' }],
        disposition: 'sale',
        revision: 2,
      });
    });

    it('refuses to retry a completed delivery', async () => {
      await apply({ op: 'contact', event: endedCall('1') });
      const [owed] = await store.read.owedDue('crm', later, 1);
      const { destination = '', kind = 'interaction', subject = '', revision = 0, id = '' } = owed ?? {};
      await apply({ op: 'delivered', destination, kind, subject, revision, outcome: { kind: 'done', link: null }, at });
      const [again] = await store.apply([{ op: 'retry-delivery', id, at }]);
      const unknown = ['999999', 'none', '1.5', '99999999999999999999'];
      const nothing = await store.apply(unknown.map((id) => ({ op: 'retry-delivery', id, at })));
      expect(again).toMatchObject({ code: 'conflict' });
      expect(nothing).toMatchObject(unknown.map(() => ({ code: 'not_found' })));
    });

    it('makes a finished delivery due again with a corrected ledger, and no other', async () => {
      const at = later;
      await apply({ op: 'contact', event: endedCall('1') });
      const [owed] = await store.read.owedDue('crm', later, 1);
      const { destination = '', kind = 'interaction', subject = '', revision = 0 } = owed ?? {};
      const of = { destination, kind, subject };
      const step = { op: 'ledger', of, state: 'done', remote: '7', at } as const;
      await apply({ ...step, step: 'add' }, { ...step, step: 'change' });
      const ledger = [
        { step: 'add', state: null, remote: null },
        { step: 'change', state: 'done', remote: '8' },
      ] as const;
      const again = (more = {}) => store.apply([{ op: 'deliver-again', of: { ...of, ...more }, ledger, at }]);
      expect(await again()).toMatchObject([{ code: 'conflict' }]);
      expect(await store.read.ledger(of)).toHaveLength(2);
      await apply({ op: 'delivered', ...of, revision, outcome: { kind: 'done', link: null }, at });
      expect(await store.read.owedDue('crm', later, 1)).toEqual([]);
      expect(await again()).toMatchObject([{ ok: true }]);
      expect(await store.read.owedDue('crm', later, 1)).toMatchObject([{ subject, revision, state: 'due' }]);
      expect(await store.read.ledger(of)).toEqual([{ step: 'change', state: 'done', remote: '8', at }]);
      expect(await again({ subject: 'none' })).toMatchObject([{ code: 'not_found' }]);
      expect(await store.read.owedOf('crm', kind, [subject, 'none'])).toMatchObject([{ subject, state: 'due' }]);
      expect(await store.read.owedOf('other', kind, [subject])).toEqual([]);
    });

    it('lists what began in a period, oldest first', async () => {
      const hour = 3_600_000;
      for (const n of [3, 1, 0, 2])
        await apply({ op: 'contact', event: endedCall(`${n}`, { startedAt: at + n * hour }) });
      const [from, until] = [at, at + 3 * hour].map((time) => new Date(time).toISOString());
      const period = { from: from ?? '', until: until ?? '', limit: 2 };
      const first = await store.read.interactionsBetween({ ...period, cursor: null });
      const second = await store.read.interactionsBetween({ ...period, cursor: first.next });
      const began = [first, second].map(({ items }) => items.map(({ startedAt }) => Date.parse(startedAt) - at));
      expect([began, second.next]).toEqual([[[0, hour], [2 * hour]], null]);
    });

    it('claims one delivery by its id if it is due', async () => {
      await apply({ op: 'contact', event: call('1') }, { op: 'contact', event: call('2') });
      const [first, second] = await store.read.owedDue('crm', later, 10);
      const claim = { destination: 'crm', now: later, room: 1, held: 0, life: 60_000 };
      const ask = async (change: object) =>
        (await store.claimOwed({ ...claim, ...change })).map(({ subject }) => subject);
      const { kind = 'interaction', subject = '', revision = 0, id: only = '' } = second ?? {};
      expect(await ask({ only, destination: 'other' })).toEqual([]);
      expect(await ask({ only, now: 0 })).toEqual([]);
      expect(await ask({ only: '999999' })).toEqual([]);
      expect(await ask({ only })).toEqual([subject]);
      const outcome = { kind: 'done', link: null } as const;
      await apply({ op: 'delivered', destination: 'crm', kind, subject, revision, outcome, at });
      expect(await ask({ only })).toEqual([]);
      expect((await store.read.owedDue('crm', later, 10)).map(({ id }) => id)).toEqual([first?.id]);
    });

    it('claims calls that ring, are talked or just ended first and apart, the latest first', async () => {
      const subjects: Record<string, string> = {};
      const take = async (event: CallSnapshot) => {
        const [change] = await apply({ op: 'contact', event });
        subjects[change?.interaction.id ?? ''] = event.key.split(':').at(-1) ?? '';
        const { items } = await store.read.owed({ limit: 10, cursor: null });
        return items.find(({ subject }) => subject === change?.interaction.id)?.nextAt ?? 0;
      };
      await take(endedCall('told', { basis: 'record' }));
      await take(call('rings'));
      const before = Date.now();
      while (Date.now() === before);
      let now = await take(call('ends'));
      const claimed = async (at: number, urgent: boolean) => {
        const rows = await store.claimOwed({ destination: 'crm', now: at, room: 10, held: 0, life: 60_000, urgent });
        await store.releaseOwed(rows.map(({ id }) => id));
        return rows.map(({ subject }) => subjects[subject]);
      };
      expect(await claimed(now, true)).toEqual(['ends', 'rings']);
      expect(await claimed(now, false)).toEqual(['told']);
      now = await take(endedCall('ends'));
      expect((await claimed(now, true)).toSorted()).toEqual(['ends', 'rings']);
      // Whoever rang an hour ago waits like the others.
      expect(await claimed(now + 3_600_000, true)).toEqual([]);
      expect((await claimed(now + 3_600_000, false)).toSorted()).toEqual(['ends', 'rings', 'told']);
    });

    it('deletes expired sessions when a new one opens', async () => {
      await apply({ op: 'put-user', user: { login: 'u', role: 'admin', manager: null, passwordHash: 'h' } });
      await apply({ op: 'open-session', session: { tokenHash: 'old', login: 'u', expiresAt: 5 } });
      await apply({ op: 'open-session', session: { tokenHash: 'new', login: 'u', expiresAt: later } });
      expect([await store.read.session('old'), await store.read.session('new')]).toMatchObject([null, { login: 'u' }]);
    });

    it('finds the remaining interaction under every key of the merged ones', async () => {
      const [b] = await apply({ op: 'contact', event: call('b') });
      await apply({ op: 'contact', event: call('a1', { aliases: [eventKey('pbx', 'a2')] }) });
      await apply({ op: 'contact', event: call('b', { aliases: [eventKey('pbx', 'a1')] }) });
      const [late] = await apply({ op: 'contact', event: endedCall('a2') });
      expect(late?.interaction.id).toBe(b?.interaction.id);
    });

    it('binds the other keys of a call record to its known call', async () => {
      await apply({ op: 'contact', event: endedCall('1') });
      await apply({ op: 'contact', event: endedCall('1', { basis: 'record', aliases: [eventKey('pbx', '1b')] }) });
      expect(await apply({ op: 'contact', event: endedCall('1b', { basis: 'record' }) })).toEqual([]);
    });

    it('lets a call record correct an end that was not observed', async () => {
      const guess = { state: 'missed', endedAt: callStart + 60_000, reconstructed: true } as const;
      const [first] = await apply({ op: 'contact', event: call('1', guess) });
      const record = endedCall('1', { basis: 'record', reconstructed: true });
      const [mended] = await apply({ op: 'contact', event: record });
      expect(mended?.interaction).toMatchObject({ id: first?.interaction.id, revision: 2, state: 'answered' });
      expect(await apply({ op: 'contact', event: record })).toEqual([]);
    });

    it('never lets a call record override what was observed live', async () => {
      await apply({ op: 'contact', event: endedCall('1') });
      expect(
        await apply({ op: 'contact', event: endedCall('1', { basis: 'record', reconstructed: true, legs: [] }) }),
      ).toEqual([]);
      const [closed] = await apply(
        { op: 'contact', event: call('2') },
        { op: 'contact', event: endedCall('2', { basis: 'record', reconstructed: true }) },
      ).then((changes) => changes.slice(1));
      expect(closed?.interaction).toMatchObject({ state: 'answered', reconstructed: true });
    });

    it('keeps a route that arrives before its call, and joins the traces of repeated decisions', async () => {
      const step = (rule: string) => ({ rule, outcome: 'applied' as const, why: 'test', reasons: [because('test')] });
      const route = (rule: string, to: string): Write => ({
        op: 'routed',
        call: eventKey('pbx', '1'),
        route: { decision: 'responsible', to, trace: [step(rule)] },
        responsible: { id: 'a', name: 'Manager a' },
        turn: null,
        at: Date.now(),
      });
      await apply(route('one', '101'));
      const [first] = await apply({ op: 'contact', event: call('1') });
      expect(first?.interaction).toMatchObject({ revision: 1, route: { to: '101' }, responsible: { id: 'a' } });
      const [second] = await apply(route('two', '102'));
      expect(second?.interaction.route).toMatchObject({ to: '102', trace: [step('one'), step('two')] });
    });

    it('numbers desk changes in order, and lists those since a number', async () => {
      const [first] = await apply({ op: 'contact', event: call('1') });
      const [second] = await apply({ op: 'contact', event: endedCall('1') });
      expect(first?.desk).toEqual([{ manager: 'a', kind: 'pop', seq: 1 }]);
      expect(second?.desk).toEqual([{ manager: 'a', kind: 'update', seq: 2 }]);
      const since = await store.read.deskSince('a', 0);
      expect(since).toHaveLength(1);
      expect(since?.[0]).toMatchObject({ seq: 2, interaction: { state: 'answered' } });
      expect(await store.read.deskSince('a', 99)).toBeNull();
      expect(await store.read.deskSeq('nobody')).toBe(0);
    });

    it('lists the calls in progress that were sent to a desk, without those that have ended', async () => {
      await apply({ op: 'contact', event: call('1') }, { op: 'contact', event: call('2') });
      await apply({ op: 'contact', event: endedCall('2') }, { op: 'contact', event: endedCall('3') });
      expect(await store.read.deskCalls('a')).toMatchObject([{ state: 'ringing', endedAt: null }]);
      expect(await store.read.deskCalls('b')).toEqual([]);
    });

    it('fails only the bad write of a batch', async () => {
      const bad = { ...call('bad'), legs: null } as never;
      const results = await store.apply([
        { op: 'contact', event: call('1') },
        { op: 'contact', event: bad },
        { op: 'contact', event: call('3') },
      ]);
      expect(results.map((result) => result.ok)).toEqual([true, false, true]);
      expect((await store.read.interactions({ limit: 10, cursor: null })).items).toHaveLength(2);
    });

    it.each(['all succeed', 'one fails'])('lets later writes of a commit see earlier ones if %s', async (which) => {
      const fails = which === 'one fails';
      const others = [2, 3].map((n) => ({ raw: `8916000000${n}`, name: '', withheld: false }));
      const [second, third] = others.map((party, i) => call(String(i + 2), { party }));
      const route = { decision: 'group', to: '101', trace: [] } as const;
      const results = await store.apply([
        { op: 'contact', event: call('1') },
        { op: 'contact', event: call('1', { aliases: [eventKey('pbx', '1b')] }) },
        { op: 'put-clients', clients: [client('c', [phone])], at },
        { op: 'contact', event: endedCall('1b') },
        ...(fails ? [{ op: 'delete-client' as const, id: 'no-such' as ClientId, at }] : []),
        { op: 'routed', call: eventKey('pbx', '2'), route, responsible: null, turn: null, at: Date.now() },
        { op: 'contact', event: second as CallSnapshot },
        { op: 'contact', event: third as CallSnapshot },
        { op: 'contact', event: call('2', { ...second, aliases: [eventKey('pbx', '3')] }) },
      ]);
      expect(results.filter(({ ok }) => !ok)).toHaveLength(fails ? 1 : 0);
      const { items } = await store.read.interactions({ limit: 10, cursor: null });
      const standing = items.filter(({ mergedInto }) => mergedInto === null);
      const inOrder = standing.toSorted((a, b) => a.state.localeCompare(b.state));
      expect(inOrder).toMatchObject([
        { state: 'answered', client: { id: 'c' } },
        { state: 'ringing', route: { decision: 'group' } },
      ]);
      expect((await store.read.liveCalls('pbx')).map(({ key }) => key)).toEqual([eventKey('pbx', '2')]);
    });

    it('pages through interactions, also by manager, without gaps or duplicates', async () => {
      const events: Write[] = Array.from({ length: 25 }, (_, i) => ({
        op: 'contact',
        event: endedCall(String(i), { startedAt: callStart + (i % 7) * 1000 }),
      }));
      await apply(...events);
      const seen = new Set<string>();
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof store.read.interactions>> = await store.read.interactions({
          limit: 4,
          cursor,
          manager: 'a',
        });
        for (const item of page.items) seen.add(item.id);
        cursor = page.next;
      } while (cursor !== null);
      expect(seen.size).toBe(25);
    });

    it('keeps live calls for a restarted tracker, and cursors, users, sessions and tokens', async () => {
      await apply(
        { op: 'contact', event: call('1') },
        { op: 'cursor', connection: 'pbx', name: 'cdr', value: '42' },
        { op: 'put-user', user: { login: 'u', role: 'admin', manager: null, passwordHash: 'h' } },
        { op: 'open-session', session: { tokenHash: 's', login: 'u', expiresAt: 5 } },
        { op: 'put-token', token: { name: 't', role: 'integration', tokenHash: 'th', createdAt: 1 } },
      );
      expect(await store.read.liveCalls('pbx')).toEqual([call('1')]);
      expect(await store.read.cursor('pbx', 'cdr')).toBe('42');
      expect(await store.read.user('u')).toMatchObject({ role: 'admin' });
      expect(await store.read.session('s')).toMatchObject({ login: 'u' });
      expect(await store.read.token('th')).toMatchObject({ name: 't' });
      await apply({ op: 'put-user', user: { login: 'u', role: 'admin', manager: null, passwordHash: 'new' } });
      expect(await store.read.session('s')).toBeNull();
    });

    it('keeps an ended call for a restarted connector until its recordings are settled', async () => {
      const nothing = { path: null, leg: null, seconds: null, mime: null, bytes: null };
      const recording = { file: 'a.wav', kind: 'call', startedAt: callStart, ...nothing } as const;
      const pending = endedCall('1', { recordings: [{ ...recording, state: 'pending' }], reconstructed: true });
      const record = endedCall('1', { basis: 'record', reconstructed: true });
      const settled = endedCall('1', { recordings: [{ ...recording, state: 'missing' }], reconstructed: true });

      await apply({ op: 'contact', event: pending });
      await apply({ op: 'contact', event: record });
      expect(await store.read.liveCalls('pbx')).toEqual([pending]);
      await apply({ op: 'contact', event: settled });
      expect(await store.read.liveCalls('pbx')).toEqual([]);
    });

    it('filters by every combination of channel, direction and state, newest first, with pages', async () => {
      await apply(
        ...Array.from({ length: 7 }, (_, i) => ({ op: 'contact' as const, event: endedCall(`ended-${i}`) })),
        { op: 'contact', event: call('rings') },
        { op: 'contact', event: letter('in') },
        { op: 'contact', event: answerTo('in', 'out') },
      );
      const all = (await store.read.interactions({ limit: 200, cursor: null })).items;
      expect(new Set(all.map(({ channel, state }) => `${channel} ${state}`)).size).toBeGreaterThanOrEqual(4);
      const given = <T>(values: readonly T[]): readonly (T | undefined)[] => [undefined, ...new Set(values)];
      for (const channel of given(all.map((one) => one.channel)))
        for (const direction of given(all.map((one) => one.direction)))
          for (const state of given(all.map((one) => one.state))) {
            const filters = { ...(channel && { channel }), ...(direction && { direction }), ...(state && { state }) };
            const found: string[] = [];
            for (let cursor: string | null = null; ; ) {
              const page = await store.read.interactions({ limit: 3, cursor, ...filters });
              found.push(...page.items.map(({ id }) => id));
              cursor = page.next;
              if (cursor === null) break;
            }
            const wanted = all.filter((one) => Object.entries(filters).every(([k, v]) => one[k as 'state'] === v));
            expect([filters, found]).toEqual([filters, wanted.map(({ id }) => id)]);
          }
    });

    it('counts inbound contacts by line and hour', async () => {
      await apply({ op: 'contact', event: endedCall('1') }, { op: 'contact', event: endedCall('2') });
      expect(await store.read.hourCounts(callStart - 1)).toEqual([
        { line: '74951234567', connection: 'pbx', hour: Date.parse('2026-11-24T09:00:00Z'), count: 2 },
      ]);
    });

    it('finds clients by phone, e-mail and part of a name', async () => {
      await apply({
        op: 'put-clients',
        clients: [client('c1', [phone], { name: 'ООО Ромашка' }), client('c2', [], { name: 'ЗАО Лютик' })],
        at,
      });
      const find = async (query: object) =>
        (await store.read.clients({ limit: 5, cursor: null, ...query })).items.map((c) => c.id);
      expect(await find({ phone })).toEqual(['c1']);
      expect(await find({ q: 'РОМАШ' })).toEqual(['c1']);
      expect(await find({ q: '100%' })).toEqual([]);
      expect(await find({})).toEqual(['c2', 'c1']);
    });
  });
}

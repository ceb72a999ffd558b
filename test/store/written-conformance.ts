import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey } from '../../src/domain/base/ids.ts';
import { outboundKey, type SendOutcome } from '../../src/domain/outbound/outbound.ts';
import type { BlobId } from '../../src/domain/ports/blobs.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write, WriteResult } from '../../src/domain/ports/writes.ts';
import { call as callOf, client, manager } from '../support/calls.ts';
import { answerTo, attachment, because, letter, report, writtenAt } from '../support/written.ts';

const at = writtenAt;
const day = 86_400_000;
const boss = { id: 'a', name: 'Manager a' };
const acceptedOutcome: SendOutcome = { kind: 'sent', keys: [eventKey('mail', 'out')], handle: null, state: 'sent' };

/** How every store must keep letters, messages, forms and outgoing messages; run for each implementation. */
export function describeWritten(name: string, open: () => Promise<Store>): void {
  describe(`${name}: written contacts`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101', { email: 'anna@our.example' }), manager('b', '102')];
      await store.apply([
        { op: 'staff', staff: { managers, lines: [] }, at },
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

    const contact = (event: Extract<Write, { op: 'contact' }>['event']): Write => ({ op: 'contact', event });

    async function one(write: Write): Promise<WriteResult | undefined> {
      return (await store.apply([write]))[0];
    }

    const send = (key: string, more: Partial<Extract<Write, { op: 'send' }>> = {}): Write => ({
      op: 'send',
      key: eventKey('api', key),
      channel: 'email',
      answers: null,
      connection: 'mail',
      content: {
        manager: 'a',
        to: { email: 'ivan@example.com', phone: null, account: null, name: null },
        subject: 'Re: Pumps',
        text: 'Ten',
        attachments: [],
        line: null,
      },
      by: boss,
      expiresAt: at + day,
      at: at + 1000,
      ...more,
    });

    it('makes one interaction of one letter despite repeats, and owes it to the CRM', async () => {
      await apply({
        op: 'put-clients',
        clients: [client('c', [], { responsible: 'a', identifiers: [{ kind: 'email', value: 'ivan@example.com' }] })],
        at,
      });
      const [first] = await apply(contact(letter('1')));
      expect(first?.interaction).toMatchObject({
        revision: 1,
        channel: 'email',
        state: 'received',
        text: 'How much?',
        thread: 'thread of 1',
      });
      expect(first?.interaction).toMatchObject({
        client: { id: 'c' },
        responsible: { id: 'a' },
        party: { email: 'ivan@example.com' },
      });
      expect(first?.desk).toMatchObject([{ manager: 'a', kind: 'pop' }]);
      expect(await apply(contact(letter('1')))).toEqual([]);
      expect(await store.read.owedDue('crm', Date.parse('2999-01-01T00:00:00Z'), 10)).toHaveLength(1);
    });

    it('treats an event with an expired key as a new contact, which then has the key', async () => {
      const keyLife = 600_000;
      const said = (after: number) => apply(contact(letter('1', { channel: 'form', keyLife, at: writtenAt + after })));
      const [first] = await said(0);
      expect(await said(keyLife - 1)).toEqual([]);
      const [second] = await said(keyLife);
      expect(second?.interaction).toMatchObject({ revision: 1, channel: 'form' });
      expect(second?.interaction.id).not.toBe(first?.interaction.id);
      expect(await said(keyLife + keyLife - 1)).toEqual([]);
    });

    it('keeps letters apart that share a name, and lists the known keys', async () => {
      const sharedNames = [eventKey('mail', 'same')];
      const [first] = await apply(contact(letter('1', { sharedNames })));
      const [second] = await apply(contact(letter('2', { sharedNames })));
      expect(second?.interaction.id).not.toBe(first?.interaction.id);
      const [reply] = await apply(contact(answerTo('same', '3')));
      expect(reply?.interaction.causedBy).toBe(first?.interaction.id);
      const keys = [eventKey('mail', 'same'), eventKey('mail', '2'), eventKey('mail', 'never seen')];
      expect([...(await store.read.knownKeys(keys))]).toEqual(keys.slice(0, 2));
    });

    it('keeps one letter to two of our mailboxes as one interaction with two lines', async () => {
      await apply(contact(letter('1')));
      const [again] = await apply(contact(letter('1', { line: 'info@our.example' })));
      expect(again?.interaction).toMatchObject({
        revision: 2,
        line: { id: 'sales@our.example' },
        alsoOn: [{ id: 'info@our.example' }],
      });
    });

    it('adds an answer to the thread of the letter that it answers, and ends the waiting', async () => {
      const [asked] = await apply(contact(letter('1')));
      const changes = await apply(contact(answerTo('1', '2', { from: 'Anna@our.example', thread: 'another' })));
      expect(changes[0]?.interaction).toMatchObject({
        thread: 'thread of 1',
        causedBy: asked?.interaction.id,
        handledBy: { id: 'a' },
      });
      expect(changes[1]?.interaction).toMatchObject({ id: asked?.interaction.id, revision: 2, waitSeconds: 60 });
      const page = await store.read.interactions({ limit: 10, cursor: null, thread: 'thread of 1' });
      expect(page.items).toHaveLength(2);
    });

    it('ends the waiting even if the answer was read first', async () => {
      await apply(contact(answerTo('1', '2', { thread: 'thread of 1' })));
      const [asked] = await apply(contact(letter('1')));
      expect(asked?.interaction).toMatchObject({ revision: 1, waitSeconds: 60 });
    });

    it('does not count an automatic letter as an answer', async () => {
      await apply(contact(letter('1')));
      const changes = await apply(contact(answerTo('1', '2', { automatic: 'auto_reply' })));
      expect(changes).toHaveLength(1);
    });

    it('lets states only advance, in any order of reports', async () => {
      await apply(contact(letter('1', { direction: 'outbound', state: 'sent' })));
      const [read] = await apply(contact(report('1', { state: 'read' })));
      expect(read?.interaction).toMatchObject({ state: 'read', revision: 2 });
      expect(await apply(contact(report('1')))).toEqual([]);
      expect(await apply(contact(report('1', { state: 'failed', problem: 'late' })))).toEqual([]);
    });

    it('keeps a report that arrives before its message', async () => {
      expect(await apply(contact(report('1', { state: 'delivered' })))).toEqual([]);
      const [letterIn] = await apply(contact(letter('1', { direction: 'outbound', state: 'sent' })));
      expect(letterIn?.interaction).toMatchObject({ state: 'delivered', revision: 1 });
    });

    it('keeps the formatted body of a letter, once', async () => {
      const body = {
        blob: 'cd'.repeat(32) as BlobId,
        mime: 'text/html',
        quotedAt: 40,
        remoteImages: true,
        inline: [{ contentId: 'logo@x', blob: attachment.blob, mime: 'image/png' }],
      } as const;
      const [kept] = await apply(contact(letter('1', { body })));
      const { id, html } = kept?.interaction ?? expect.fail('no interaction');
      expect(html).toEqual({
        url: expect.stringMatching(`/api/v1/interactions/${id}/html$`),
        styled: true,
        remoteImages: true,
      });
      expect(await apply(contact(letter('1', { body: { ...body, quotedAt: null } })))).toEqual([]);
      expect(await store.read.letterBody(id)).toEqual(body);
      const [plain] = await apply(contact(letter('2')));
      expect(plain?.interaction.html).toBeNull();
      expect(await store.read.letterBody(plain?.interaction.id ?? id)).toBeNull();
    });

    it('keeps the storage location of an attachment', async () => {
      const [kept] = await apply(contact(letter('1', { attachments: [attachment] })));
      const id = kept?.interaction.attachments[0]?.id ?? '';
      expect(await store.read.attachment(id)).toEqual({
        id,
        interaction: kept?.interaction.id,
        blob: attachment.blob,
        name: 'price.pdf',
        mime: 'application/pdf',
      });
    });

    it('assigns the conversations of a messenger account once a client has it', async () => {
      const account = { kind: 'telegram', connection: 'bot', id: '42', username: 'ivan' };
      const party = { phone: null, email: null, account, name: 'Ivan' };
      const [before] = await apply(contact(letter('1', { channel: 'message', party })));
      expect(before?.interaction.match.outcome).toBe('unknown');
      const owner = client('c', [], { identifiers: [{ kind: 'account', value: 'telegram:42' }] });
      const [after] = await apply({ op: 'put-clients', clients: [owner], at });
      expect(after?.interaction).toMatchObject({ id: before?.interaction.id, client: { id: 'c' } });
    });

    it('stores an outgoing message with its interaction, once', async () => {
      const [asked] = await apply(contact(letter('1')));
      const answers = asked?.interaction.id ?? null;
      const [queued] = await apply(send('k', { answers, connection: null }));
      expect(queued?.interaction).toMatchObject({
        state: 'queued',
        direction: 'outbound',
        handledBy: { id: 'a' },
        causedBy: answers,
        thread: 'thread of 1',
      });
      expect((await apply(send('k', { answers, connection: null })))[0]?.interaction.id).toBe(queued?.interaction.id);
      const due = await store.read.outboundDue('mail', at + day, 10);
      expect(due).toMatchObject([
        { id: queued?.interaction.id, attempts: 0, content: { text: 'Ten', replyTo: { messageId: '1' } } },
      ]);
    });

    it('keeps the order within a conversation during a retry, without delaying other conversations', async () => {
      const asked = (await apply(contact(letter('1')), contact(letter('2')))).map(({ interaction }) => interaction.id);
      const texts = ['first', 'second', 'other', 'cleaned\u0000'];
      const [first, second, other, last] = await Promise.all(
        texts.map(async (text, i) => {
          const { content } = send(text) as Extract<Write, { op: 'send' }>;
          const answers = asked[i < 2 ? 0 : 1] ?? null;
          return (await apply(send(text, { answers, content: { ...content, text } })))[0]?.interaction.id as never;
        }),
      );
      const due = async (now: number) =>
        (await store.read.outboundDue('mail', now, 10)).map(({ content }) => content.text);
      expect(await due(at + 1000)).toEqual(['first', 'other']);
      await apply({ op: 'begin-sending', id: first as never, at: at + 1000 });
      await apply({
        op: 'end-sending',
        id: first as never,
        outcome: { kind: 'retry', reason: because('busy'), after: 5000 },
        at: at + 1000,
      });
      expect(await due(at + 2000)).toEqual(['other']);
      await apply({ op: 'end-sending', id: other as never, outcome: acceptedOutcome, at: at + 2000 });
      expect(await due(at + 2000)).toEqual(['cleaned']);
      await apply({
        op: 'end-sending',
        id: last as never,
        outcome: { kind: 'failed', reason: because('no') },
        at: at + 2000,
      });
      expect(await store.read.outboundNext('mail')).toBe(at + 6000);
      expect(await due(at + 6000)).toEqual(['first']);
      await apply({
        op: 'end-sending',
        id: first as never,
        outcome: { kind: 'uncertain', reason: because('who knows') },
        at: at + 6000,
      });
      expect(await store.read.outboundDue('mail', at + 6000, 10)).toMatchObject([{ id: second }]);
    });

    it('lists contacts of the same moment in order of arrival', async () => {
      const keys = Array.from({ length: 40 }, (_, i) => String(i));
      for (let i = 0; i < keys.length; i += 10)
        await apply(...keys.slice(i, i + 10).map((key) => contact(letter(key, { thread: 'one', subject: key }))));
      const { items } = await store.read.interactions({ thread: 'one', limit: 100, cursor: null });
      expect(items.map(({ subject }) => subject)).toEqual(keys.toReversed());
    });

    it('ends the waiting when the answer was accepted, not when it was written', async () => {
      const [asked] = await apply(contact(letter('1')));
      const [queued] = await apply(send('k', { answers: asked?.interaction.id ?? null }));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      await apply({ op: 'begin-sending', id, at: at + 2000 });
      expect(await store.read.outboundBegun('mail')).toHaveLength(1);
      const changes = await apply({ op: 'end-sending', id, outcome: acceptedOutcome, at: at + 3000 });
      expect(changes.map((change) => change.interaction)).toMatchObject([
        { id, state: 'sent' },
        { id: asked?.interaction.id, waitSeconds: 3 },
      ]);
      expect(await store.read.outboundBegun('mail')).toEqual([]);
      expect((await apply(contact(report('out', { state: 'read' }))))[0]?.interaction).toMatchObject({
        id,
        state: 'read',
      });
    });

    it('recognises its own letter when reading it, even before the sending was recorded', async () => {
      const [queued] = await apply(send('k'));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      await apply({ op: 'begin-sending', id, at });
      const echo = letter('out', { direction: 'outbound', state: 'sent', aliases: [outboundKey(id)] });
      expect((await apply(contact(echo)))[0]?.interaction).toMatchObject({ id, state: 'sent', revision: 2 });
    });

    it('names a conversation after our letter that starts it, whether the copy or the answer is read first', async () => {
      const [queued] = await apply(send('k'));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      const answer = {
        ...answerTo('out', '2', { thread: 'of the answer' }),
        direction: 'inbound',
        state: 'received',
      } as const;
      const [answered] = await apply(contact({ ...answer, answers: [outboundKey(id)] }));
      expect(answered?.interaction).toMatchObject({ thread: id, causedBy: id });
      const echo = letter('out', {
        direction: 'outbound',
        state: 'sent',
        aliases: [outboundKey(id)],
        thread: 'of the copy',
      });
      expect((await apply(contact(echo)))[0]?.interaction).toMatchObject({ id, thread: id });
    });

    it('resolves an uncertain sending by the copy in the Sent folder, and then sends nothing again', async () => {
      const [queued] = await apply(send('k'));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      await apply({ op: 'begin-sending', id, at });
      await apply({ op: 'end-sending', id, outcome: { kind: 'uncertain', reason: because('nobody knows') }, at });
      const echo = letter('out', { direction: 'outbound', state: 'sent', aliases: [outboundKey(id)] });
      expect((await apply(contact(echo)))[0]?.interaction).toMatchObject({ id, state: 'sent', problem: null });
      expect(await one({ op: 'resend', id, expiresAt: at + day, at })).toMatchObject({ ok: false, code: 'conflict' });
      expect(
        await apply({ op: 'end-sending', id, outcome: { kind: 'uncertain', reason: because('nobody knows') }, at }),
      ).toEqual([]);
    });

    it('never ends the waiting by an automatic message', async () => {
      const [asked] = await apply(contact(letter('1')));
      const answers = asked?.interaction.id ?? null;
      const { content } = send('k') as Extract<Write, { op: 'send' }>;
      const [queued] = await apply(send('k', { answers, content: { ...content, automatic: true } }));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      expect(queued?.interaction.automatic).toBe('auto_reply');
      await apply({ op: 'begin-sending', id, at });
      const changes = await apply({ op: 'end-sending', id, outcome: acceptedOutcome, at: at + 1000 });
      expect(changes.map((change) => change.interaction.id)).toEqual([id]);
    });

    it('retries until expiry, reports the failure, and resends on request', async () => {
      const [queued] = await apply(send('k'));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      await apply({ op: 'begin-sending', id, at });
      await apply({ op: 'end-sending', id, outcome: { kind: 'retry', reason: because('busy'), after: 5000 }, at });
      expect(await store.read.outboundNext('mail')).toBe(at + 5000);
      expect(await store.read.outboundWaiting()).toEqual([{ connection: 'mail', count: 1 }]);
      await apply({ op: 'begin-sending', id, at: at + 5000 });
      const late = at + day;
      const [failed] = await apply({
        op: 'end-sending',
        id,
        outcome: { kind: 'retry', reason: because('still busy'), after: 5000 },
        at: late,
      });
      expect(failed?.interaction).toMatchObject({ state: 'failed', problem: 'still busy' });
      const [again] = await apply({ op: 'resend', id, expiresAt: late + day, at: late });
      expect(again?.interaction).toMatchObject({ state: 'queued', problem: null });
      expect(await store.read.outboundDue('mail', late, 10)).toHaveLength(1);
    });

    it('never resends what a report or a copy proves to have been sent, whatever the outcome of the sending', async () => {
      const uncertain: SendOutcome = { kind: 'uncertain', reason: because('it broke off') };
      const retry: SendOutcome = { kind: 'retry', reason: because('it broke off'), after: 0 };
      const echo = (id: string, key: string) =>
        letter(key, { direction: 'outbound', state: 'sent', aliases: [outboundKey(id as never)] });
      const ways: readonly (readonly [SendOutcome, 'report' | 'echo', boolean])[] = [
        [uncertain, 'report', false],
        [uncertain, 'echo', false],
        [uncertain, 'report', true],
        [retry, 'echo', true],
        [retry, 'report', false],
      ];
      for (const [i, [outcome, by, early]] of ways.entries()) {
        const [queued] = await apply(send(`k${i}`));
        const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
        const proof = contact(
          by === 'echo' ? echo(id, `out${i}`) : report('', { key: outboundKey(id), state: 'delivered' }),
        );
        await apply({ op: 'begin-sending', id, at });
        if (early) await apply(proof);
        await apply({ op: 'end-sending', id, outcome, at });
        if (!early) await apply(proof);
        expect(await store.read.interaction(id)).toMatchObject({ problem: null });
        expect(await store.read.outbound(id)).toMatchObject({ state: 'done' });
        expect(await one({ op: 'resend', id, expiresAt: at + day, at })).toMatchObject({ ok: false, code: 'conflict' });
      }
      expect(await store.read.outboundDue('mail', at + day, 10)).toEqual([]);
    });

    it('uses the request’s interaction for the resulting call, in either order of recording', async () => {
      const uncertain: SendOutcome = { kind: 'uncertain', reason: because('it broke off') };
      const accepted: SendOutcome = { kind: 'sent', keys: [], handle: null, state: 'sent' };
      const number = { email: null, phone: '+79161234567', account: null, name: null };
      const content = {
        manager: 'a',
        to: number,
        subject: null,
        text: '',
        attachments: [],
        line: null,
        extension: '101',
      };
      for (const [i, [outcome, early]] of (
        [
          [accepted, true],
          [accepted, false],
          [uncertain, true],
          [uncertain, false],
        ] as const
      ).entries()) {
        const [queued] = await apply(send(`c${i}`, { channel: 'call', connection: 'pbx', content }));
        const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
        expect(queued?.interaction).toMatchObject({ channel: 'call', state: 'queued', endedAt: null, thread: null });
        await apply({ op: 'begin-sending', id, at });
        const rings = contact(callOf(`r${i}`, { direction: 'outbound', aliases: [outboundKey(id)] }));
        if (early) await apply(rings);
        await apply({ op: 'end-sending', id, outcome, at });
        if (!early) {
          const asked = {
            state: outcome === accepted ? 'sent' : 'queued',
            problem: outcome === accepted ? null : 'it broke off',
          };
          expect(await store.read.interaction(id)).toMatchObject(asked);
          await apply(rings);
        }
        expect(await store.read.interaction(id)).toMatchObject({
          state: 'ringing',
          problem: null,
          legs: [{ extension: '101' }],
        });
        // A later report of the PBX on the request changes nothing about the call itself.
        await apply(contact(report('', { key: outboundKey(id), state: 'failed', problem: 'no ring' })));
        expect(await store.read.interaction(id)).toMatchObject({ state: 'ringing', problem: null });
      }
      const { items } = await store.read.interactions({ limit: 10, cursor: null, channel: 'call' });
      expect(items).toHaveLength(4);
    });

    it('ends a call that was never made, in either order of recording', async () => {
      const number = { email: null, phone: '+79161234567', account: null, name: null };
      const content = {
        manager: 'a',
        to: number,
        subject: null,
        text: '',
        attachments: [],
        line: null,
        extension: '105',
      };
      for (const early of [true, false]) {
        const [queued] = await apply(send(`${early}`, { channel: 'call', connection: 'pbx', content }));
        const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
        const refused = contact(report('', { key: outboundKey(id), state: 'failed', problem: 'no ring' }));
        await apply({ op: 'begin-sending', id, at });
        if (early) await apply(refused);
        await apply({ op: 'end-sending', id, outcome: { kind: 'sent', keys: [], handle: null, state: 'sent' }, at });
        if (!early) await apply(refused);
        const { state, problem, endedAt } = (await store.read.interaction(id)) ?? {};
        expect({ state, problem, ended: endedAt != null }).toEqual({
          state: 'failed',
          problem: 'no ring',
          ended: true,
        });
        expect(await store.read.outbound(id)).toMatchObject({ state: 'done' });
      }
    });

    it('refuses to answer where no answer is possible, and to send twice', async () => {
      const [form] = await apply(contact(letter('1', { channel: 'form', handle: null })));
      expect(await one(send('k', { answers: form?.interaction.id ?? null, connection: null }))).toMatchObject({
        ok: false,
        code: 'conflict',
      });
      const [queued] = await apply(send('l'));
      const id = queued?.interaction.id as NonNullable<typeof queued>['interaction']['id'];
      await apply({ op: 'begin-sending', id, at });
      expect(await one({ op: 'begin-sending', id, at })).toMatchObject({ ok: false, code: 'conflict' });
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey, type InteractionId, lowestId, newInteractionId } from '../../src/domain/base/ids.ts';
import type { BlobId } from '../../src/domain/ports/blobs.ts';
import type { RecordedInteraction } from '../../src/domain/ports/contact-writes.ts';
import type { Housekeeping, Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { applied } from '../support/applied.ts';
import { callStart, endedCall, manager } from '../support/calls.ts';
import { answerTo, attachment, letter, report } from '../support/written.ts';

const at = callStart;
const boss = { id: 'boss', name: 'Boss' };
const page = { limit: 50, cursor: null };
const today = new Date();
/** The start of a future month: everything that these tests take in is older, and records with a later id are not. */
const cutOff = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 1);
const inFuture = cutOff + 86_400_000;
const letterBlob = 'cd'.repeat(32) as BlobId;

/** Something that is reported without a client. */
export const meeting: RecordedInteraction = {
  channel: 'call',
  direction: 'outbound',
  state: 'answered',
  party: {
    phone: '+79160000001',
    raw: '+79160000001',
    ext: null,
    withheld: false,
    email: null,
    account: null,
    name: null,
  },
  client: null,
  manager: 'a',
  line: null,
  attribution: null,
  startedAt: new Date(at).toISOString(),
  endedAt: null,
  talkSeconds: null,
  subject: null,
  text: null,
};

/** How every store must remove what exceeds its retention; run for each implementation. */
export function describeRetention(name: string, open: () => Promise<Store>): void {
  describe(`${name}: retention`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await store.apply([
        { op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at },
        { op: 'destinations', names: ['crm', 'other'], at },
      ]);
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    const runHousekeeping = (more: Partial<Housekeeping> = {}) =>
      store.housekeep({
        now: Date.now(),
        keepFrom: cutOff,
        keepDetached: false,
        signal: new AbortController().signal,
        ...more,
      });
    const record = (key: string, id: InteractionId, time: number): Write => {
      return { op: 'record', id, key: eventKey('token', key), interaction: meeting, by: boss, at: time };
    };
    const recording = {
      ...({ file: 'a.wav', path: '/rec/a.wav', leg: 0, kind: 'call', state: 'ready', startedAt: at } as const),
      ...{ seconds: 9, mime: 'audio/wav', bytes: 100 },
    };
    const oldCall = (): Write => ({
      op: 'contact',
      event: endedCall('1', { startedAt: Date.now(), recordings: [recording] }),
    });
    const oldLetter = (more: object = {}): Write => ({
      op: 'contact',
      event: letter('1', {
        ...{
          at: Date.now(),
          attachments: [attachment],
          body: { blob: letterBlob, mime: 'text/html', quotedAt: null, remoteImages: false, inline: [] },
        },
        ...more,
      }),
    });

    it('removes older contacts with everything that belongs to them, and keeps newer ones', async () => {
      const [called, written] = await apply(oldCall(), oldLetter());
      const [kept] = await apply(record('new', newInteractionId(inFuture), inFuture));
      const recorded = called?.recordings[0]?.id ?? '';
      await apply({ op: 'recording-heard', recording: recorded, by: 'boss', at });
      const transcript = {
        ...{ language: null, source: null },
        phrases: [{ side: null, manager: null, from: 0, to: 1, text: 'Hello' }],
      };
      const ofCall = { interaction: called?.id as InteractionId, recording: recorded } as const;
      await apply({ op: 'put-transcript', ...ofCall, transcript, by: 'boss', at });
      expect(await store.read.leads(page)).toMatchObject({ items: [{}, {}] });
      expect((await store.read.tasks(page)).items).toHaveLength(1);

      expect(await runHousekeeping()).toEqual({ interactions: 2, undelivered: 4 });

      const read = store.read;
      expect((await read.interactions(page)).items.map(({ id }) => id)).toEqual([kept?.id]);
      expect((await read.interactions({ ...page, manager: 'a' })).items.map(({ id }) => id)).toEqual([kept?.id]);
      expect((await read.owed(page)).items.map(({ subject }) => subject)).toEqual([kept?.id, kept?.id]);
      expect(await read.interactionHistory(called?.id as InteractionId)).toEqual([]);
      expect([await read.recording(recorded), await read.transcript(recorded)]).toEqual([null, null]);
      expect(await read.letterBody(written?.id as InteractionId)).toBeNull();
      expect(await read.attachment(written?.attachments[0]?.id ?? '')).toBeNull();
      expect([(await read.leads(page)).items, (await read.tasks(page)).items]).toEqual([[], []]);
      expect(await read.deskSince('a', 0)).toMatchObject([{ interaction: { id: kept?.id } }]);
    });

    it('accepts nothing under the key of a removed contact', async () => {
      const id = newInteractionId(Date.now());
      const send: Write = {
        ...({
          op: 'send',
          key: eventKey('send:boss', '1'),
          channel: 'email',
          answers: null,
          connection: 'mail',
          by: boss,
        } as const),
        ...{ expiresAt: inFuture, at: Date.now() },
        content: {
          ...{
            manager: 'a',
            to: { email: 'i@example.com', phone: null, account: null, name: null },
            subject: 's',
            text: 't',
          },
          ...{ attachments: [], line: null },
        },
      };
      await apply(oldCall(), oldLetter(), record('old', id, Date.now()), send);
      await runHousekeeping();
      expect(await apply(oldCall(), oldLetter())).toEqual([]);
      const asked = await store.apply([record('old', newInteractionId(Date.now()), Date.now()), send]);
      expect(asked).toMatchObject([{ code: 'conflict' }, { code: 'conflict' }]);
      expect((await store.read.interactions(page)).items).toEqual([]);
      const known = [eventKey('pbx', '1'), eventKey('mail', '1')];
      expect([...(await store.read.knownKeys(known))].sort()).toEqual([...known].sort());
    });

    it('accepts a form again once its key has expired', async () => {
      const form = (time: number) => oldLetter({ channel: 'form', keyLife: 60_000, at: time });
      await apply(form(Date.now()));
      await runHousekeeping();
      expect(await apply(form(Date.now()))).toEqual([]);
      expect(await apply(form(Date.now() + 61_000))).toHaveLength(1);
    });

    it('reports the blobs that nothing refers to any more', async () => {
      await apply(oldLetter());
      await apply({ op: 'contact', event: letter('2', { attachments: [{ ...attachment, name: 'the same.pdf' }] }) });
      expect(await store.read.looseBlobs('', 10)).toEqual([]);
      await runHousekeeping();
      expect(await store.read.looseBlobs('', 10)).toEqual([attachment.blob, letterBlob]);
      // Read again: the files were stored again before they were known to be unused, and another letter has one of them.
      await apply(oldLetter({ attachments: [{ ...attachment, blob: 'ef'.repeat(32) as BlobId }] }));
      await apply({ op: 'contact', event: letter('3', { attachments: [attachment] }) });
      expect(await store.read.looseBlobs('', 10)).toEqual([letterBlob, 'ef'.repeat(32)]);
      expect(await store.read.looseBlobs(letterBlob, 10)).toEqual(['ef'.repeat(32)]);
      await apply({ op: 'blobs-removed', blobs: [letterBlob] });
      expect(await store.read.looseBlobs('', 10)).toEqual(['ef'.repeat(32)]);
    });

    it('keeps the pictures that a remaining letter shows', async () => {
      const inline = [{ contentId: 'logo@x', blob: attachment.blob, mime: 'image/png' }];
      const body = { blob: '12'.repeat(32) as BlobId, mime: 'text/html', quotedAt: null, remoteImages: false, inline };
      await apply(oldLetter());
      await runHousekeeping();
      await apply({ op: 'contact', event: letter('2', { attachments: [], body: { ...body, mime: 'text/html' } }) });
      expect(await store.read.looseBlobs('', 10)).toEqual([letterBlob]);
    });

    it('forgets that an address is undeliverable with the last contact that has it', async () => {
      const failed = (email: string) => ({ email, status: '5.1.1', why: 'no such user' });
      const bounced = (id: string, address: string, others: readonly string[] = []): readonly Write[] => {
        const party = { phone: null, email: address, account: null, name: null };
        const sent = answerTo('none', id, { at: Date.now(), party });
        const undeliverable = [address, ...others].map(failed);
        const back = report(id, { state: 'failed', problem: 'x', undeliverable, at: Date.now() });
        return [
          { op: 'contact', event: sent },
          { op: 'contact', event: back },
        ];
      };
      const marked = async () => (await store.read.undeliverable(page)).items.map(({ email }) => email);
      const [old, copied, heard, cleared] = ['old@c.ru', 'copied@c.ru', 'heard@c.ru', 'cleared@c.ru'] as const;
      await apply(...bounced('1', old, [copied]), ...bounced('2', heard), ...bounced('3', cleared));
      await apply({ op: 'clear-undeliverable', email: cleared, at: Date.now() + 600_000 });
      const party = { ...meeting.party, phone: null, raw: heard, email: heard };
      const later: RecordedInteraction = { ...meeting, channel: 'email', state: 'sent', party };
      const newer = record('new', newInteractionId(inFuture), inFuture);
      await apply(newer.op === 'record' ? { ...newer, interaction: later } : newer);
      expect(await marked()).toEqual([copied, heard, old]);

      await runHousekeeping();

      expect(await marked()).toEqual([heard]);
      // Nothing remains of the one that a human cleared either: an older letter can mark it again.
      await apply(...bounced('4', cleared));
      expect(await marked()).toEqual([cleared, heard]);
    });

    it('keeps manual tasks until they are done', async () => {
      const task = (id: string, state: 'open' | 'done'): Write => ({
        op: 'put-task',
        task: {
          ...({
            id,
            revision: 1,
            kind: 'other',
            state,
            manager: null,
            interaction: null,
            latest: null,
            contacts: 0,
            client: null,
            party: null,
            text: 'x',
          } as const),
          ...{ dueAt: null, createdAt: new Date(at).toISOString(), escalatedAt: null, doneAt: null, doneBy: null },
        },
      });
      const [open1, done] = [newInteractionId(at), newInteractionId(at)];
      await apply(task(open1, 'open'), task(done, 'done'));
      await runHousekeeping();
      expect((await store.read.tasks(page)).items.map(({ id }) => id)).toEqual([open1]);
    });

    it('keeps everything without a retention, and resumes after an interruption', async () => {
      await apply(...Array.from({ length: 60 }, (_, i): Write => ({ op: 'contact', event: endedCall(`n${i}`) })));
      expect(await runHousekeeping({ keepFrom: null })).toEqual({ interactions: 0, undelivered: 0 });
      await expect(runHousekeeping({ signal: AbortSignal.abort() })).rejects.toThrow();
      expect((await store.read.interactions({ ...page, limit: 200 })).items).toHaveLength(60);
      expect((await runHousekeeping()).interactions).toBe(60);
      expect(await runHousekeeping()).toEqual({ interactions: 0, undelivered: 0 });
      expect(lowestId(cutOff) > newInteractionId(Date.now())).toBe(true);
    });
  });
}

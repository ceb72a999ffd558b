import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventKey } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Outbound } from '../../src/domain/outbound/outbound.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import type { ChosenCaller } from '../../src/domain/routing/routing.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { CallBacks } from '../../src/outbound/call-backs.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { ringingCall, ringingLeg } from '../support/office.ts';
import { storeUrl } from '../support/test-store.ts';
import { because, letter } from '../support/written.ts';

const phone = '+79161234567';

describe('requested call-backs', () => {
  let dir: string;
  let store: Store;
  let form: Interaction;
  let now = Date.now();
  /** The managers that routing would ring, in order. */
  let managers: string[];
  const kept: string[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'patchbay-callback-'));
    store = await openStore({ url: storeUrl(join(dir, 'a.db')), country: 'RU', publicUrl: 'http://pb' });
    now = Date.now();
    managers = ['a', 'b', 'c', 'd'];
    kept.length = 0;
    form = await put({
      op: 'contact',
      event: letter('1', {
        channel: 'form',
        key: eventKey('forms', 'site:1'),
        connection: 'forms',
        party: { phone, email: null, account: null, name: 'Ivan' },
        at: now,
      }),
    });
  });
  afterEach(async () => {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function put(write: Write): Promise<Interaction> {
    const [result] = await store.apply([write]);
    if (result?.ok !== true) throw new Error(result?.message);
    return result.changes[0]?.interaction as Interaction;
  }

  /** One instance of the program, reduced to call-backs. */
  const instance = () =>
    new CallBacks({
      read: store.read,
      apply: (writes) => store.apply(writes),
      next: ({ tried }): ChosenCaller | null => {
        const id = managers.find((one) => !tried.includes(one));
        if (id === undefined) return null;
        const keep = async (call: string) => void kept.push(call);
        return { connection: 'pbx', manager: { id, name: id.toUpperCase() }, extension: `10${id}`, keep };
      },
      clock: { now: () => now },
      log: silentLogger,
    });

  /** The commands sent to the PBX, oldest first. */
  const asked = (): Promise<readonly Outbound[]> => store.read.outboundDue('pbx', now + 1, 20);
  const managersAsked = async () => (await asked()).map(({ content }) => content.manager);

  /** The PBX reports that nobody answered the phone. */
  const notTaken = ({ id }: Outbound) =>
    put({ op: 'end-sending', id, outcome: { kind: 'failed', reason: because('nobody took it') }, at: now });

  it('ring the first phone that routing names, as an answer to the form, and keep the decision', async () => {
    expect(await instance().begin(form)).toEqual({ id: 'a', name: 'A' });
    const [call] = await asked();
    expect(call).toMatchObject({ channel: 'call', connection: 'pbx', content: { manager: 'a', extension: '10a' } });
    expect(await store.read.interaction(call?.id as Interaction['id'])).toMatchObject({
      state: 'queued',
      causedBy: form.id,
      party: { phone },
    });
    expect(kept).toEqual([`callback:${form.id}:0`]);
  });

  it('ring the next phone once if nobody answers, even with repeats and several instances, and stop after three', async () => {
    const [one, other] = [instance(), instance()];
    await one.begin(form);
    for (const expected of [['b'], ['c']]) {
      const [call] = await asked();
      const ended = await notTaken(call as Outbound);
      for (const each of [one, other, one]) each.handle(ended);
      await vi.waitFor(async () => expect(await managersAsked()).toEqual(expected), 20_000);
    }
    const [third] = await asked();
    const ended = await notTaken(third as Outbound);
    const read = vi.spyOn(store.read, 'task');
    one.handle(ended);
    await vi.waitFor(() => expect(read).toHaveBeenCalled(), 20_000);
    expect(await managersAsked()).toEqual([]);
    // The follow-up task remains.
    expect(await store.read.task(form.id)).toMatchObject({ state: 'open' });
  });

  it('leave only the task if nobody is available', async () => {
    managers = [];
    expect(await instance().begin(form)).toBeNull();
    expect(await asked()).toEqual([]);
    expect(await store.read.task(form.id)).toMatchObject({ state: 'open' });
  });

  it('stop after a conversation, or when the request is too old', async () => {
    const calls = instance();
    await calls.begin(form);
    const [call] = await asked();
    const ended = await notTaken(call as Outbound);
    const talk = { ...ringingLeg, talkedAt: now, endedAt: now, outcome: 'answered' as const };
    await put({ op: 'contact', event: ringingCall('talk', { state: 'answered', endedAt: now, legs: [talk] }) });
    expect(await store.read.task(form.id)).toMatchObject({ state: 'done' });
    const read = vi.spyOn(store.read, 'task');
    calls.handle(ended);
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(1), 20_000);
    expect(await asked()).toEqual([]);
    read.mockResolvedValue({ ...((await store.read.task(form.id)) as never as object), state: 'open' } as never);
    now += 121_000;
    calls.handle(ended);
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(3), 20_000);
    expect(await asked()).toEqual([]);
  });

  it('do not touch calls requested by a human or answered by one of ours', async () => {
    const calls = instance();
    const read = vi.spyOn(store.read, 'outbound');
    const taken = { ...form, channel: 'call', direction: 'outbound', state: 'unanswered', causedBy: form.id } as const;
    calls.handle({ ...taken, legs: [{ ...ringingLeg, manager: null, outcome: 'answered' }] } as never);
    expect(read).not.toHaveBeenCalled();
    const content = { manager: 'a', extension: '101', to: { email: null, phone, account: null, name: null } };
    const whole = { ...content, subject: null, text: '', attachments: [], line: null };
    const by = { id: 'a', name: 'A' };
    const key = eventKey('call:anna', '1');
    await put({
      op: 'send',
      key,
      channel: 'call',
      answers: form.id,
      connection: 'pbx',
      content: whole,
      by,
      expiresAt: now + 1000,
      at: now,
    });
    const [call] = await asked();
    calls.handle(await notTaken(call as Outbound));
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(1), 20_000);
    expect(await managersAsked()).toEqual([]);
  });
});

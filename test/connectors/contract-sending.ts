import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownAuthority } from '../support/scripted-service.ts';
import { Bench, hardTexts, type Messenger, type OpenMessenger, say, untilTrue } from './contract-bench.ts';

/** Longer than any wait that the services ask for here, and than our own first waits. */
const later = 60_000;

/** What every connector must do with outgoing messages. */
export function describeSender(name: string, open: OpenMessenger): void {
  describe(`${name}: the contract of senders`, () => {
    let bench: Bench<Messenger>;

    beforeEach(async () => {
      bench = await Bench.open(await open());
      await bench.receive(bench.messenger.brings(1, say('hello?')));
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      await bench.close();
    });

    async function answer(text: string) {
      const asked = (await bench.desk.interactions()).find((one) => one.direction === 'inbound');
      if (asked === undefined) throw new Error('nothing was asked');
      return bench.desk.write(text, { answers: asked.id });
    }

    it('answers in the existing conversation, and ends its waiting', async () => {
      const { desk, connector, messenger } = bench;
      expect(await desk.send(connector, await answer(say('Yes')))).toMatchObject({ state: 'sent', problem: null });
      expect(messenger.sent()).toEqual([say('Yes')]);
      expect((await desk.interactions())[0]?.answeredAt).not.toBeNull();
    });

    it('waits as long as the service asks, then sends once', async () => {
      const { desk, connector, messenger } = bench;
      const wait = messenger.tellsWait === false ? 1 : 30;
      messenger.service.next.push(messenger.busy(wait));
      const id = await answer(say('Yes'));
      const before = Date.now();
      expect(await desk.send(connector, id)).toMatchObject({ state: 'queued' });
      const { nextAt = 0, state } = (await desk.store.read.outbound(id)) ?? {};
      expect(state).toBe('due');
      expect(nextAt).toBeGreaterThanOrEqual(before + wait * 1000);
      if (messenger.tellsWait !== false) expect(nextAt).toBeLessThanOrEqual(Date.now() + wait * 1000);
      expect(messenger.sent()).toEqual([]);
      desk.ahead = later;
      expect(await desk.send(connector, id)).toMatchObject({ state: 'sent', problem: null });
      expect(messenger.sent()).toEqual([say('Yes')]);
    });

    it('keeps the order if the service does not accept a message at once', async () => {
      const { desk, connector, messenger } = bench;
      const ids = [await answer(say('one')), await answer(say('two')), await answer(say('three'))] as const;
      messenger.service.next.push(messenger.busy(1));
      await desk.send(connector, ids[0]);
      expect(messenger.sent()).toEqual([]);
      expect(await desk.store.read.outboundDue('chat', Date.now(), 10)).toEqual([]);
      desk.ahead = later;
      await desk.send(connector, ids[2]);
      expect(messenger.sent()).toEqual([say('one'), say('two'), say('three')]);
    });

    it.each(['cut', 'broken'] as const)(
      'never sends twice if the service accepted the message but is %s',
      async (mode) => {
        const { desk, connector, messenger } = bench;
        messenger.service.mode = mode;
        const id = await answer(say('Yes'));
        await desk.send(connector, id);
        messenger.service.mode = 'up';
        await settle(id);
      },
    );

    it('never sends twice if the service answers after our timeout', async () => {
      const { desk, connector, messenger } = bench;
      const patience = new AbortController();
      vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => patience.signal);
      messenger.service.mode = 'late';
      const id = await answer(say('Yes'));
      const sending = desk.send(connector, id);
      await untilTrue(() => messenger.sent().length > 0);
      patience.abort(new DOMException('too late', 'TimeoutError'));
      expect(await sending).toMatchObject({
        state: 'queued',
        problem: expect.stringContaining('did not answer in time'),
      });
      vi.restoreAllMocks();
      messenger.service.mode = 'up';
      await settle(id);
    });

    /** The message was sent without a response. It is repeated only if the service recognises repeats, otherwise marked uncertain. */
    async function settle(id: Awaited<ReturnType<typeof answer>>): Promise<void> {
      const { desk, connector, messenger } = bench;
      expect(messenger.sent()).toEqual([say('Yes')]);
      const doubtful = await desk.store.read.interaction(id);
      expect(doubtful).toMatchObject({ state: 'queued', problem: expect.any(String) });
      desk.ahead = later;
      if (messenger.recognises) expect(await desk.send(connector, id)).toMatchObject({ state: 'sent', problem: null });
      else expect(await desk.store.read.outbound(id)).toMatchObject({ state: 'uncertain' });
      expect(await desk.store.read.outboundNext('chat')).toBeNull();
      expect(messenger.sent()).toEqual([say('Yes')]);
    }

    it('never sends twice after a crash', async () => {
      const { desk, connector, messenger } = bench;
      const crashed = await answer(say('Crash'));
      await desk.intake.apply([{ op: 'begin-sending', id: crashed, at: Date.now() }]);
      await desk.send(connector, crashed);
      expect(messenger.sent().length).toBeLessThanOrEqual(1);
      expect(messenger.recognises === true || messenger.sent().length === 0).toBe(true);
    });

    it('sends texts unchanged except for NULs, and never splits a character of a long text', async () => {
      const { desk, connector, messenger } = bench;
      let before = 0;
      const send = async (text: string) => {
        expect(await desk.send(connector, await answer(text))).toMatchObject({ state: 'sent' });
        const pieces = messenger.sent().slice(before);
        before += pieces.length;
        return pieces;
      };
      for (const text of hardTexts) expect((await send(text)).join('')).toBe(text);
      expect(await send('a\u0000b')).toEqual(['ab']);
      if (messenger.longest === Number.POSITIVE_INFINITY) return;
      for (const character of ['😀', '👩‍👩‍👧‍👦', 'e\u0301', '🇷🇺']) {
        const head = 'x'.repeat(messenger.longest - 1);
        expect(await send(`${head}${character}tail`)).toEqual([head, `${character}tail`]);
      }
    });

    it('trusts a private certificate authority if configured, otherwise reports the problem and sends nothing', async () => {
      await bench.close();
      bench = await Bench.open(await open(true));
      const { desk, messenger } = bench;
      await bench.receive(messenger.brings(1, say('hello?')));
      await bench.connector.start();
      const refused = /certificate.* is not trusted .*\bca\b/;
      if (messenger.looks !== false) await untilTrue(() => desk.context.states.some((state) => refused.test(state)));
      const id = await answer(say('Yes'));
      expect(await desk.send(bench.connector, id)).toMatchObject({ state: 'queued' });
      expect(await desk.store.read.outbound(id)).toMatchObject({ state: 'due' });
      if (messenger.looks === false) await untilTrue(() => desk.context.states.some((state) => refused.test(state)));
      expect(messenger.service.asked).toEqual([]);
      await bench.connector.stop();
      bench.connector = messenger.create(desk.context, { ca: ownAuthority });
      desk.ahead = later;
      expect(await desk.send(bench.connector, id)).toMatchObject({ state: 'sent', problem: null });
      expect(messenger.sent()).toEqual([say('Yes')]);
    });

    it('reports that the service is away, and recovers by itself', async () => {
      const { desk, connector, messenger } = bench;
      if (messenger.looks === false) return;
      messenger.service.mode = 'down';
      await connector.start();
      await untilTrue(() => desk.context.states.some((state) => /^(degraded|failed): ./.test(state)));
      messenger.service.mode = 'up';
      await untilTrue(() => desk.context.states.includes('ready'));
    });
  });
}

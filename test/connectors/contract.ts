import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, ConnectorContext, HookRequest } from '../../src/connectors/contract.ts';
import { createLogger } from '../../src/runtime/log.ts';
import { MessengerStore, receiverOf } from '../support/messenger-store.ts';
import { seededRandom } from '../support/random.ts';
import { rubbish } from '../support/rubbish.ts';
import type { Answered, ScriptedService } from '../support/scripted-service.ts';

/** One service as the contract is run over it. */
export interface Messenger {
  /** The service's own side; null for one that is only called by others. */
  readonly service: ScriptedService | null;
  /** False where it can't be seen whether the service is there before something is sent to it. */
  readonly looks?: false;
  create(context: ConnectorContext): Connector;
  /** A request that brings message number `n`, as the service would send it. */
  brings(n: number, text: string): HookRequest;
  /** Bytes under the service's own signature, or what stands for one. */
  signed(body: Buffer): HookRequest;
  /** The same request by somebody who does not know the secret. */
  forged(request: HookRequest): readonly HookRequest[];
  /** How it says that it is busy for a second or less; null where it has no words for it. */
  readonly busy: Answered | null;
  /** Messages the service took from us: each once, whatever was repeated. */
  sent(): readonly string[];
  close(): Promise<void>;
}

/** Texts that are often spoilt: the longest, emoji of several parts, from right to left, with markup. */
const hard = [
  'я'.repeat(4096),
  '👩‍👩‍👧‍👦 \u{1f3f3}\ufe0f\u200d\u{1f308}',
  'שלום \u202eabc\u202c مرحبا',
  `"'><script>alert(1)</script> {"a":1} \\ 12345678901234567890`,
];

/** In every text that is brought or sent here, so that a log which has one is found out. */
const secret = 'Schattenmorelle';
const say = (words: string) => `${secret} ${words}`;
/** What the services' scripts know of their clients. */
const personal = [secret, 'Ivan', 'Petrov', '79161234567', ...hard.map((text) => text.slice(0, 30))];

/** A logger that keeps what it is told, at its most talkative. */
function keptLog() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ level: 'debug', destination }), lines };
}

function expectNothingPersonal(lines: readonly string[]): void {
  for (const word of personal) expect(lines.filter((line) => line.includes(word))).toEqual([]);
}

/** What every connector of a messenger must do; run for each. */
export function describeMessenger(name: string, open: () => Promise<Messenger>): void {
  describe(`${name}: the contract of messengers`, () => {
    let messenger: Messenger;
    let desk: MessengerStore;
    let connector: Connector;
    let kept: ReturnType<typeof keptLog>;

    beforeEach(async () => {
      messenger = await open();
      kept = keptLog();
      desk = await MessengerStore.open('chat', { log: kept.log });
      connector = messenger.create(desk.context);
    });

    afterEach(async () => {
      await connector.stop();
      await messenger.close();
      await desk.close();
      expectNothingPersonal(kept.lines);
    });

    const receive = (request: HookRequest) => receiverOf(connector).receive(request);
    const texts = async () => (await desk.interactions()).map((one) => one.text);

    it('is made without side effects, and starts and stops as often as it is told', async () => {
      expect(messenger.service?.asked ?? []).toEqual([]);
      expect(desk.context.states).toEqual([]);
      await connector.stop();
      await connector.start();
      await connector.stop();
      await connector.stop();
    });

    it('takes each message once, whatever is repeated and in whatever order', async () => {
      for (const n of [2, 1, 3, 1, 2, 3, 3])
        expect((await receive(messenger.brings(n, say(`text ${n}`)))).status).toBe(200);
      await Promise.all([4, 4, 4].map((n) => receive(messenger.brings(n, say(`text ${n}`)))));
      const all = await desk.interactions();
      expect(all.map((one) => one.text).sort()).toEqual([1, 2, 3, 4].map((n) => say(`text ${n}`)));
      expect(all.every((one) => one.revision === 1 && one.direction === 'inbound' && one.channel === 'message')).toBe(
        true,
      );
      expect(new Set(all.map((one) => one.thread)).size).toBe(1);
    });

    it('turns forged requests away and writes nothing', async () => {
      const forged = messenger.forged(messenger.brings(1, say('forged')));
      expect(forged.length).toBeGreaterThan(1);
      for (const request of forged) {
        const { status } = await receive(request);
        expect(status >= 400 && status < 500).toBe(true);
      }
      expect(desk.context.events).toEqual([]);
    });

    it('asks the service to come again when a message could not be made safe', async () => {
      desk.failing = 1;
      expect((await receive(messenger.brings(1, say('once')))).status).toBe(503);
      expect(await texts()).toEqual([]);
      expect((await receive(messenger.brings(1, say('once')))).status).toBe(200);
      expect(await texts()).toEqual([say('once')]);
    });

    it('keeps texts as they were written, but for NULs', async () => {
      for (const [i, text] of hard.entries()) await receive(messenger.brings(i + 1, text));
      await receive(messenger.brings(hard.length + 1, 'a\u0000b'));
      expect(await texts()).toEqual([...hard, 'ab']);
    });

    it('survives rubbish under a right signature', async () => {
      const random = seededRandom(7);
      const genuine = messenger.brings(1, 'text').body;
      for (let n = 0; n < 400; n += 1) {
        const { status } = await receive(messenger.signed(rubbish(genuine, random)));
        expect(status).toBeLessThan(500);
      }
    });
  });

  describe(`${name}: the contract of senders`, () => {
    let messenger: Messenger;
    let desk: MessengerStore;
    let connector: Connector;
    let kept: ReturnType<typeof keptLog>;

    beforeEach(async () => {
      messenger = await open();
      kept = keptLog();
      desk = await MessengerStore.open('chat', { log: kept.log });
      connector = messenger.create(desk.context);
      await receiverOf(connector).receive(messenger.brings(1, say('hello?')));
    });

    afterEach(async () => {
      await connector.stop();
      await messenger.close();
      await desk.close();
      expectNothingPersonal(kept.lines);
    });

    async function answer(text: string) {
      const [asked] = await desk.interactions();
      if (asked === undefined) throw new Error('nothing was asked');
      return desk.write(say(text), { answers: asked.id });
    }

    it('answers by the conversation that was begun, and ends the waiting', async () => {
      expect(await desk.send(connector, await answer('Yes'))).toMatchObject({ state: 'sent', problem: null });
      expect(messenger.sent()).toEqual([say('Yes')]);
      expect((await desk.interactions())[0]?.answeredAt).not.toBeNull();
    });

    it('waits when the service is busy, and then sends once', async () => {
      const { service, busy } = messenger;
      if (service === null || busy === null) return;
      service.next.push(busy);
      const id = await answer('Yes');
      expect(await desk.send(connector, id)).toMatchObject({ state: 'queued' });
      expect(await desk.store.read.outbound(id)).toMatchObject({ state: 'due' });
      expect(messenger.sent()).toEqual([]);
      expect(await desk.send(connector, id)).toMatchObject({ state: 'sent', problem: null });
      expect(messenger.sent()).toEqual([say('Yes')]);
    });

    it('never sends twice when the service breaks off, or the program does', async () => {
      const { service } = messenger;
      const id = await answer('Yes');
      if (service !== null) service.mode = 'cut';
      await desk.send(connector, id);
      if (service !== null) service.mode = 'up';
      const crashed = await answer('Crash');
      await desk.intake.apply([{ op: 'sending', id: crashed, at: Date.now() }]);
      await desk.send(connector, crashed);
      const sent = messenger.sent();
      expect(new Set(sent).size).toBe(sent.length);
    });

    it('tells that the service is away, and recovers by itself', async () => {
      const { service, looks } = messenger;
      if (service === null || looks === false) return;
      service.mode = 'down';
      await connector.start();
      await untilTrue(() => desk.context.states.some((state) => /^(degraded|failed): ./.test(state)));
      service.mode = 'up';
      await untilTrue(() => desk.context.states.includes('ready'));
    });
  });
}

/** Waits for what no event tells; the test's own time-out is the limit. */
export async function untilTrue(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 10));
}

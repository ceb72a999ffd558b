import type { Connector, ConnectorContext } from '../../src/connectors/contract.ts';
import type { HookRequest } from '../../src/domain/ports/hooks.ts';
import type { ReachSettings } from '../../src/runtime/http/settings.ts';
import { createLogger } from '../../src/runtime/log.ts';
import { MessengerStore, receiverOf } from '../support/messenger-store.ts';
import type { Answered, ScriptedService } from '../support/scripted-service.ts';

/** One service as the contract is run over it. */
export interface Messenger {
  /** The service's own side. */
  readonly service: ScriptedService;
  /** False where it can't be seen whether the service is there before something is sent to it. */
  readonly looks?: false;
  create(context: ConnectorContext, reach?: Partial<ReachSettings>): Connector;
  /** A request that brings the client's message number `n`, as the service would send it; written in second `n` by default. */
  brings(n: number, text: string, second?: number): HookRequest;
  /** The service tells neither a number nor parts of a second: messages of one second are in the order of their arrival. */
  readonly wholeSeconds?: true;
  /** One request with several messages, where the service brings more than one at a time. */
  batch?(messages: readonly (readonly [n: number, text: string])[]): HookRequest;
  /** A request that brings message number `n` with a file that the service gives. */
  withFile(n: number, text: string, file: Buffer): HookRequest;
  /** Bytes under the service's own signature, or what stands for one. */
  signed(body: Buffer): HookRequest;
  /** The same request by somebody who does not know the secret. */
  forged(request: HookRequest): readonly HookRequest[];
  /** How it says that it is busy, and for how many seconds. */
  busy(seconds: number): Answered;
  /** False where it has no words for how long it wants to be left alone. */
  readonly tellsWait?: false;
  /** It takes a repeat of what we sent as the same. */
  readonly recognises?: true;
  /** UTF-16 units of the longest text it takes. */
  readonly longest: number;
  /** Messages the service took from us: each once, whatever was repeated. */
  sent(): readonly string[];
  close(): Promise<void>;
}

/** Opens a service; `secure`: its API over TLS, by an authority of its own. */
export type OpenMessenger = (secure?: boolean) => Promise<Messenger>;

/** Texts that are often spoilt: the longest, emoji of several parts, from right to left, with markup. */
export const hard = [
  'я'.repeat(4096),
  '👩‍👩‍👧‍👦 \u{1f3f3}\ufe0f\u200d\u{1f308}',
  'שלום \u202eabc\u202c مرحبا',
  `"'><script>alert(1)</script> {"a":1} \\ 12345678901234567890`,
];

/** In every text that is brought or sent here, so that a log which has one is found out. */
const secret = 'Schattenmorelle';
export const say = (words: string) => `${secret} ${words}`;
/** What the services' scripts know of their clients. */
const personal = [secret, 'Ivan', 'Petrov', '79161234567', ...hard.map((text) => text.slice(0, 30))];

/** A service and a connection to it over a real store. */
export class Bench<One extends { create: Messenger['create']; close(): Promise<void> }> {
  readonly messenger: One;
  readonly desk: MessengerStore;
  readonly #lines: string[];
  connector: Connector;

  private constructor(messenger: One, desk: MessengerStore, lines: string[]) {
    this.messenger = messenger;
    this.desk = desk;
    this.#lines = lines;
    this.connector = messenger.create(desk.context);
  }

  static async open<One extends { create: Messenger['create']; close(): Promise<void> }>(messenger: One) {
    const lines: string[] = [];
    // At its most talkative.
    const log = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
    return new Bench(messenger, await MessengerStore.open('chat', { log }), lines);
  }

  /** Lines of the log. */
  get told(): readonly string[] {
    return this.#lines;
  }

  receive(request: HookRequest) {
    return receiverOf(this.connector).receive(request);
  }

  /** What was said, in the order in which people see it. */
  async texts(): Promise<readonly (string | null)[]> {
    return (await this.desk.interactions()).map((one) => one.text);
  }

  /** Ends it, and looks that nothing personal was told to the log. */
  async close(): Promise<void> {
    await this.connector.stop();
    await this.messenger.close();
    await this.desk.close();
    for (const word of personal) {
      const found = this.#lines.filter((line) => line.includes(word));
      if (found.length > 0) throw new Error(`the log tells what is personal: ${found[0]}`);
    }
  }
}

/** Waits for what no event tells; the test's own time-out is the limit. */
export async function untilTrue(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 10));
}

import type { Connector, ConnectorContext } from '../../src/connectors/contract.ts';
import type { HookRequest } from '../../src/domain/ports/hooks.ts';
import type { ReachSettings } from '../../src/runtime/http/settings.ts';
import { createLogger } from '../../src/runtime/log.ts';
import { MessengerStore, receiverOf } from '../support/messenger-store.ts';
import type { Answered, ScriptedService } from '../support/scripted-service.ts';

/** A service as the contract tests use it. */
export interface Messenger {
  /** The scripted service itself. */
  readonly service: ScriptedService;
  /** False if the connector notices the service's absence only when it sends something. */
  readonly looks?: false;
  create(context: ConnectorContext, reach?: Partial<ReachSettings>): Connector;
  /** A request with the client's message number `n`, as the service would send it; written in second `n` by default. */
  brings(n: number, text: string, second?: number): HookRequest;
  /** The service reports neither a number nor fractions of a second: messages of one second are ordered by arrival. */
  readonly wholeSeconds?: true;
  /** One request with several messages, if the service can batch them. */
  batch?(messages: readonly (readonly [n: number, text: string])[]): HookRequest;
  /** A request with message number `n` and a file that the service offers for download. */
  withFile(n: number, text: string, file: Buffer): HookRequest;
  /** Any bytes with the service's valid signature, or its equivalent. */
  signed(body: Buffer): HookRequest;
  /** The same request from somebody who does not know the secret. */
  forged(request: HookRequest): readonly HookRequest[];
  /** The response of a busy service, with the number of seconds to wait. */
  busy(seconds: number): Answered;
  /** False if its protocol cannot say how long to wait. */
  readonly tellsWait?: false;
  /** The service recognises a repeated message by its id. */
  readonly recognises?: true;
  /** The longest text that it accepts, in UTF-16 units. */
  readonly longest: number;
  /** The messages that the service accepted from us, without recognised repeats. */
  sent(): readonly string[];
  close(): Promise<void>;
}

/** Opens a service; with `secure`, its API uses TLS with a certificate of its own authority. */
export type OpenMessenger = (secure?: boolean) => Promise<Messenger>;

/** Texts that are often damaged: a very long one, combined emoji, right-to-left scripts, markup. */
export const hardTexts = [
  'я'.repeat(4096),
  '👩‍👩‍👧‍👦 \u{1f3f3}\ufe0f\u200d\u{1f308}',
  'שלום \u202eabc\u202c مرحبا',
  `"'><script>alert(1)</script> {"a":1} \\ 12345678901234567890`,
];

/** Part of every text received or sent here, to detect logs that contain texts. */
const secret = 'Schattenmorelle';
export const say = (words: string) => `${secret} ${words}`;
/** What the scripted services reveal about their clients. */
const personal = [secret, 'Ivan', 'Petrov', '79161234567', ...hardTexts.map((text) => text.slice(0, 30))];

/** A service and a connection to it, over a real store. */
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
    // The log level with the most output.
    const log = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
    return new Bench(messenger, await MessengerStore.open('chat', { log }), lines);
  }

  /** The lines of the log. */
  get logLines(): readonly string[] {
    return this.#lines;
  }

  receive(request: HookRequest) {
    return receiverOf(this.connector).receive(request);
  }

  /** The texts in the order in which people see them. */
  async texts(): Promise<readonly (string | null)[]> {
    return (await this.desk.interactions()).map((one) => one.text);
  }

  /** Closes everything and checks that the log contains no personal data. */
  async close(): Promise<void> {
    await this.connector.stop();
    await this.messenger.close();
    await this.desk.close();
    for (const word of personal) {
      const found = this.#lines.filter((line) => line.includes(word));
      if (found.length > 0) throw new Error(`the log contains personal data: ${found[0]}`);
    }
  }
}

/** Polls a condition that no event announces, until the test times out. */
export async function untilTrue(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 10));
}

import { beginning } from '../domain/base/clean-text.ts';
import type { ClientId } from '../domain/base/ids.ts';
import type { Interaction, Named } from '../domain/interaction/interaction.ts';
import { isLive } from '../domain/interaction/interaction.ts';
import type { View } from '../domain/interaction/view.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Logger } from '../runtime/log.ts';
import type { DeskSocket } from './desk-socket.ts';
import type { ClientCard, ServerMessage } from './protocol.ts';

/** What a desk reads. */
export type DeskReader = Pick<Store['read'], 'under' | 'deskSeq' | 'deskSince'>;

const recentShown = 20;
/** Of a letter's text in the list of recent interactions; the whole is one click away. */
const recentText = 500;
/** More than this in one go is a reset: the page reads the list instead, and a healthy reader is not taken for a slow one. */
const longestResume = 512 * 1024;

/**
 * One manager's desk: any number of tabs. Everything that has a `seq` goes through one queue, so that the
 * order holds although a card must be looked up for a pop and none for an update.
 */
export class Desk {
  readonly manager: Named;
  readonly sockets = new Set<DeskSocket>();
  readonly #read: DeskReader;
  readonly #log: Logger;
  readonly #onCard: (socket: DeskSocket, client: ClientId) => void;
  /** The highest number that the open tabs know of, by a greeting or a message. */
  #told = 0;
  /** The highest number of a message, and of those read from the store because one before them was missing. */
  #sent = 0;
  #caughtUp = 0;
  #queue: Promise<void> = Promise.resolve();

  /** `onCard` is told of each page that is shown a client's card. */
  constructor(manager: Named, read: DeskReader, log: Logger, onCard: (socket: DeskSocket, client: ClientId) => void) {
    this.#onCard = onCard;
    this.manager = manager;
    this.#read = read;
    this.#log = log;
  }

  /** Greets a tab and from then on sends it what is published. */
  join(socket: DeskSocket): Promise<void> {
    return this.#enqueue(async () => {
      const seq = await this.#read.deskSeq(this.manager.id);
      if (this.sockets.size === 0) {
        this.#told = seq;
        this.#sent = 0;
        this.#caughtUp = 0;
      }
      socket.send({ type: 'hello', manager: this.manager, seq });
      this.sockets.add(socket);
    }, socket);
  }

  /**
   * Tells every tab of a change. Numbers have no holes: where one is missing, another instance gave it and is heard of later,
   * so that everything since is read from the store and told in its order.
   */
  publish(seq: number, kind: 'pop' | 'update', interaction: Interaction): Promise<void> {
    return this.#enqueue(async () => {
      if (this.sockets.size === 0 || seq <= this.#caughtUp) return;
      if (seq > this.#told + 1) return this.#catchUp(seq, kind, interaction);
      // One that a greeting counted already may still be on its way; what a page is told never goes back.
      this.#sent = Math.max(this.#sent, seq);
      this.#told = Math.max(this.#told, seq);
      await this.#broadcast(this.#sent, kind === 'pop', interaction);
    });
  }

  async #catchUp(seq: number, kind: 'pop' | 'update', interaction: Interaction): Promise<void> {
    const entries = await this.#read.deskSince(this.manager.id, this.#told);
    const last = Math.max(seq, entries?.at(-1)?.seq ?? 0);
    if (entries === null) for (const socket of this.sockets) socket.send({ type: 'reset', seq: last });
    for (const entry of entries ?? []) {
      const pop = entry.seq === seq ? kind === 'pop' : this.#rings(entry.interaction);
      await this.#broadcast(entry.seq, pop, entry.seq === seq ? interaction : entry.interaction);
    }
    this.#told = last;
    this.#sent = last;
    this.#caughtUp = last;
  }

  /** Sends every tab what it may see; tabs that see the same get the same text. */
  async #broadcast(seq: number, pop: boolean, interaction: Interaction): Promise<void> {
    const texts = new Map<string, string>();
    for (const socket of [...this.sockets]) {
      const sight = JSON.stringify(socket.view);
      const text = texts.get(sight) ?? JSON.stringify(await this.#message(socket.view, seq, pop, interaction));
      texts.set(sight, text);
      socket.sendText(text);
      if (pop && interaction.client !== null) this.#onCard(socket, interaction.client.id);
    }
  }

  /** Sends one tab the present state of what changed after `seq`, or `reset` when that is too long ago. */
  resume(socket: DeskSocket, seq: number): Promise<void> {
    return this.#enqueue(async () => {
      const current = await this.#read.deskSeq(this.manager.id);
      // A seq from the future is another database's: what the page holds is worth nothing.
      const entries = seq > current ? null : await this.#read.deskSince(this.manager.id, seq);
      if (entries === null) return socket.send({ type: 'reset', seq: current });
      const texts: string[] = [];
      let size = 0;
      for (const entry of entries) {
        const message = await this.#message(socket.view, entry.seq, this.#rings(entry.interaction), entry.interaction);
        size += texts[texts.push(JSON.stringify(message)) - 1]?.length ?? 0;
        if (size > longestResume) return socket.send({ type: 'reset', seq: current });
      }
      for (const text of texts) socket.sendText(text);
      for (const { interaction } of entries)
        if (this.#rings(interaction) && interaction.client !== null) this.#onCard(socket, interaction.client.id);
    }, socket);
  }

  #rings(interaction: Interaction): boolean {
    const here = interaction.legs.some(
      (leg) => leg.manager?.id === this.manager.id && leg.endedAt === null && leg.talkedAt === null,
    );
    return here && isLive(interaction.state) && interaction.endedAt === null;
  }

  async #message(view: View | null, seq: number, pop: boolean, interaction: Interaction): Promise<ServerMessage> {
    if (!pop) return { type: 'update', seq, interaction };
    const client = await this.#card(view, interaction);
    return {
      type: 'pop',
      seq,
      interaction,
      client,
      candidates: interaction.match.candidates,
      route: interaction.route,
    };
  }

  /** The card of the interaction's client. A pop without a card is better than none, so trouble is only logged. */
  async #card(view: View | null, interaction: Interaction): Promise<ClientCard | null> {
    if (interaction.client === null) return null;
    const { id } = interaction.client;
    const read = this.#read.under(view);
    try {
      const [client, recent] = await Promise.all([
        read.client(id),
        read.interactions({ client: id, limit: recentShown, cursor: null }),
      ]);
      if (client === null) return null;
      return {
        ...client,
        recent: recent.items.map((one) => ({
          ...one,
          text: one.text === null ? null : beginning(one.text, recentText),
        })),
      };
    } catch (error) {
      this.#log.error({ err: error, interaction: interaction.id }, 'a client card could not be read');
      return null;
    }
  }

  #enqueue(task: () => Promise<void>, asking?: DeskSocket): Promise<void> {
    this.#queue = this.#queue.then(task).catch((error: unknown) => {
      // Whoever missed something must ask again: a cut connection makes the page resume.
      this.#log.error({ err: error, manager: this.manager.id }, 'a desk could not be served');
      asking?.terminate();
      if (asking === undefined) for (const socket of this.sockets) socket.terminate();
    });
    return this.#queue;
  }
}

import { beginning } from '../domain/base/clean-text.ts';
import type { ClientId } from '../domain/base/ids.ts';
import { isCallAt, ringsAt } from '../domain/call/calls-at.ts';
import type { Interaction, Named } from '../domain/interaction/interaction.ts';
import type { View } from '../domain/interaction/view.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Logger } from '../runtime/log.ts';
import type { DeskSocket } from './desk-socket.ts';
import type { ClientCard, ScreenPop, ServerMessage } from './protocol.ts';

/** The questions that a desk asks. */
export type DeskReader = Pick<Store['read'], 'under' | 'deskSeq' | 'deskSince' | 'deskCalls'>;

/** Recent interactions on a client's card. */
const recentCount = 20;
/** Characters of a text among the recent interactions; opening one shows all of it. */
const recentTextLength = 500;
/** Characters. A longer answer to `resume` becomes a `reset`: sent in one go, it would make a healthy reader look slow. */
const maxResume = 512 * 1024;

/**
 * One manager's desk with any number of tabs. All messages with a `seq` pass through one queue: pops need a card from the
 * store and updates don't, and the order must hold all the same.
 */
export class Desk {
  readonly manager: Named;
  readonly sockets = new Set<DeskSocket>();
  readonly #read: DeskReader;
  readonly #log: Logger;
  readonly #onCard: (socket: DeskSocket, client: ClientId) => void;
  /** The highest number that the open tabs have, from a greeting or a message. */
  #known = 0;
  /** The highest number of a sent message. */
  #sent = 0;
  /** Messages up to this number were read from the store, because an earlier number was missing. */
  #caughtUp = 0;
  #queue: Promise<void> = Promise.resolve();

  /** `onCard` is called for each page that gets a client's card. */
  constructor(manager: Named, read: DeskReader, log: Logger, onCard: (socket: DeskSocket, client: ClientId) => void) {
    this.#onCard = onCard;
    this.manager = manager;
    this.#read = read;
    this.#log = log;
  }

  /** Greets a tab with the calls under way, and from then on sends it what is published. */
  join(socket: DeskSocket): Promise<void> {
    return this.#enqueue(async () => {
      // In this order: the calls may be newer than the number, never older.
      const seq = await this.#read.deskSeq(this.manager.id);
      const calls = (await this.#read.deskCalls(this.manager.id)).filter((call) => isCallAt(call, this.manager.id));
      if (this.sockets.size === 0) {
        this.#known = seq;
        this.#sent = 0;
        this.#caughtUp = 0;
      }
      const pops = await Promise.all(calls.map((call) => this.#pop(socket.view, call)));
      socket.send({ type: 'hello', manager: this.manager, seq, calls: pops });
      this.sockets.add(socket);
      for (const { client } of pops) if (client !== null) this.#onCard(socket, client.id);
    }, socket);
  }

  /**
   * Sends a change to every tab. Numbers have no holes. If one is missing, another instance gave it and its report is still
   * under way; everything since is then read from the store and sent in order.
   */
  publish(seq: number, kind: 'pop' | 'update', interaction: Interaction): Promise<void> {
    return this.#enqueue(async () => {
      if (this.sockets.size === 0 || seq <= this.#caughtUp) return;
      if (seq > this.#known + 1) return this.#catchUp(seq, kind, interaction);
      // A change that a greeting counted may be published after it; numbers must not go back all the same.
      this.#sent = Math.max(this.#sent, seq);
      this.#known = Math.max(this.#known, seq);
      await this.#broadcast(this.#sent, kind === 'pop', interaction);
    });
  }

  async #catchUp(seq: number, kind: 'pop' | 'update', interaction: Interaction): Promise<void> {
    const entries = await this.#read.deskSince(this.manager.id, this.#known);
    const last = Math.max(seq, entries?.at(-1)?.seq ?? 0);
    if (entries === null) for (const socket of this.sockets) socket.send({ type: 'reset', seq: last });
    for (const entry of entries ?? []) {
      const pop = entry.seq === seq ? kind === 'pop' : ringsAt(entry.interaction, this.manager.id);
      await this.#broadcast(entry.seq, pop, entry.seq === seq ? interaction : entry.interaction);
    }
    this.#known = last;
    this.#sent = last;
    this.#caughtUp = last;
  }

  /** Sends each tab what it may see. Tabs with the same view get the same text. */
  async #broadcast(seq: number, pop: boolean, interaction: Interaction): Promise<void> {
    const texts = new Map<string, string>();
    for (const socket of [...this.sockets]) {
      const view = JSON.stringify(socket.view);
      const text = texts.get(view) ?? JSON.stringify(await this.#message(socket.view, seq, pop, interaction));
      texts.set(view, text);
      socket.sendText(text);
      if (pop && interaction.client !== null) this.#onCard(socket, interaction.client.id);
    }
  }

  /** Sends one tab the current state of everything that changed after `seq`, or `reset` if that is too long ago. */
  resume(socket: DeskSocket, seq: number): Promise<void> {
    return this.#enqueue(async () => {
      const current = await this.#read.deskSeq(this.manager.id);
      // A number from the future belongs to another database: nothing that the page holds can be trusted.
      const entries = seq > current ? null : await this.#read.deskSince(this.manager.id, seq);
      if (entries === null) return socket.send({ type: 'reset', seq: current });
      const texts: string[] = [];
      let size = 0;
      for (const entry of entries) {
        const message = await this.#message(
          socket.view,
          entry.seq,
          ringsAt(entry.interaction, this.manager.id),
          entry.interaction,
        );
        size += texts[texts.push(JSON.stringify(message)) - 1]?.length ?? 0;
        if (size > maxResume) return socket.send({ type: 'reset', seq: current });
      }
      for (const text of texts) socket.sendText(text);
      for (const { interaction } of entries)
        if (ringsAt(interaction, this.manager.id) && interaction.client !== null)
          this.#onCard(socket, interaction.client.id);
    }, socket);
  }

  async #message(view: View | null, seq: number, pop: boolean, interaction: Interaction): Promise<ServerMessage> {
    if (!pop) return { type: 'update', seq, interaction };
    return { type: 'pop', seq, ...(await this.#pop(view, interaction)) };
  }

  async #pop(view: View | null, interaction: Interaction): Promise<ScreenPop> {
    const client = await this.#card(view, interaction);
    return { interaction, client, candidates: interaction.match.candidates, route: interaction.route };
  }

  /** The card of the interaction's client. Errors are only logged: a pop without a card is better than none. */
  async #card(view: View | null, interaction: Interaction): Promise<ClientCard | null> {
    if (interaction.client === null) return null;
    const { id } = interaction.client;
    const read = this.#read.under(view);
    try {
      const [client, recent] = await Promise.all([
        read.client(id),
        read.interactions({ client: id, limit: recentCount, cursor: null }),
      ]);
      if (client === null) return null;
      return {
        ...client,
        recent: recent.items.map((one) => ({
          ...one,
          text: one.text === null ? null : beginning(one.text, recentTextLength),
          edits: [],
        })),
      };
    } catch (error) {
      this.#log.error({ err: error, interaction: interaction.id }, 'a client card could not be read');
      return null;
    }
  }

  #enqueue(task: () => Promise<void>, asking?: DeskSocket): Promise<void> {
    this.#queue = this.#queue.then(task).catch((error: unknown) => {
      // A page that missed something must resume, which a broken connection makes it do.
      this.#log.error({ err: error, manager: this.manager.id }, 'a desk could not be served');
      asking?.terminate();
      if (asking === undefined) for (const socket of this.sockets) socket.terminate();
    });
    return this.#queue;
  }
}

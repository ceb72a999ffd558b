import type { WebSocket } from 'ws';
import type { Presence } from '../domain/device.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import type { ClientId, InteractionId } from '../domain/ids.ts';
import type { Change, Decision, Write, WriteResult } from '../domain/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Desk, type DeskReader } from './desk.ts';
import { DeskSocket } from './desk-socket.ts';
import { type ClientMessage, type DeskAlarm, parseClientMessage, type ServerMessage } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** What the hub is built from. */
export interface DeskHubOptions {
  readonly read: DeskReader;
  /** Where decisions are written: the intake's `apply`. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two pings; 30 s unless told. */
  readonly heartbeat?: number;
}

/** Messages of one page that may wait for their answer; a page that sends more faster is no page. */
const maxPending = 32;
const maxSockets = 2000;
type Decide = Exclude<ClientMessage, { type: 'resume' }>;

/** All open desks of this process: tells them what changed, and carries out what they decide. */
export class DeskHub {
  readonly #options: DeskHubOptions;
  readonly #desks = new Map<string, Desk>();
  readonly #viewers = new Map<DeskSocket, Viewer>();
  #presence: readonly Presence[] = [];
  #alarms: readonly DeskAlarm[] = [];
  #slow = 0;
  #closed = false;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: DeskHubOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => void this.#beat(), options.heartbeat ?? 30_000);
    this.#heartbeat.unref();
  }

  /** Open pages, and how many were cut off because they did not read; for the metrics. */
  get counts(): { readonly sockets: number; readonly slow: number } {
    return { sockets: this.#viewers.size, slow: this.#slow };
  }

  /** Takes over an upgraded, authenticated connection. */
  attach(socket: WebSocket, viewer: Viewer): void {
    const page = new DeskSocket(socket, () => {
      this.#slow += 1;
      this.#options.log.warn({ manager: viewer.manager?.id ?? null }, 'a desk that does not read was cut off');
    });
    if (this.#closed || this.#viewers.size >= maxSockets) {
      page.close(1013, 'try again later');
      return;
    }
    this.#viewers.set(page, viewer);
    const desk = viewer.manager === null ? null : this.#desk(viewer);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#viewers.delete(page);
      desk?.sockets.delete(page);
    });
    let pending = 0;
    socket.on('message', (data, binary) => {
      pending += 1;
      if (binary || pending > maxPending) {
        page.close(1008, 'too much at once');
        return;
      }
      void this.#answer(page, desk, viewer, data.toString()).finally(() => {
        pending -= 1;
      });
    });
    void this.#greet(page, desk);
  }

  /** Tells the desks that a commit concerns. Call it in the order of the commits. */
  publish(change: Change): void {
    for (const { manager, seq, kind } of change.desk) {
      void this.#desks.get(manager)?.publish(seq, kind, change.interaction);
    }
  }

  /** Tells the pages that a lead or task concerns: leads everybody, tasks whose they are, and those of nobody everybody. */
  tell(followUp: FollowUp): void {
    if (followUp.kind === 'lead') return this.#broadcast({ type: 'lead', lead: followUp.lead });
    const { task } = followUp;
    if (task.manager === null) return this.#broadcast({ type: 'task', task });
    const text = JSON.stringify({ type: 'task', task } satisfies ServerMessage);
    for (const [page, viewer] of this.#viewers) if (viewer.manager?.id === task.manager.id) page.sendText(text);
  }

  /** Tells every page how the managers' telephones are: all of them once, then those that changed, or it would grow with the square of the office. */
  setPresence(managers: readonly Presence[]): void {
    const before = this.#presence;
    this.#presence = managers;
    const same = managers.length === before.length && managers.every((one, i) => isOf(one, before[i]));
    if (!same) return this.#broadcast({ type: 'presence', whole: true, managers });
    const changed = managers.filter(({ state }, i) => state !== before[i]?.state);
    if (changed.length > 0) this.#broadcast({ type: 'presence', whole: false, managers: changed });
  }

  /** Tells every page which alarms stand now. */
  setAlarms(alarms: readonly DeskAlarm[]): void {
    this.#alarms = alarms;
    this.#broadcast({ type: 'alarm', alarms });
  }

  /** Lets go of all pages after something was missed that concerned them: they come back by themselves and ask for it. */
  reconnect(): void {
    for (const page of this.#viewers.keys()) page.close(1012, 'restart');
  }

  /** Tells the pages that we restart (they come back by themselves) and lets go of them. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    const pages = [...this.#viewers.keys()];
    for (const page of pages) {
      page.send({ type: 'bye', reason: 'restart' });
      page.close(1012, 'restart');
    }
    // A peer that does not answer the close must not hold the stop up.
    setTimeout(() => pages.forEach((page) => void page.terminate()), 1000).unref();
  }

  #desk(viewer: Viewer): Desk | null {
    if (viewer.manager === null) return null;
    const known = this.#desks.get(viewer.manager.id);
    if (known !== undefined) return known;
    const desk = new Desk(viewer.manager, this.#options.read, this.#options.log);
    this.#desks.set(viewer.manager.id, desk);
    return desk;
  }

  async #greet(page: DeskSocket, desk: Desk | null): Promise<void> {
    if (desk === null) page.send({ type: 'hello', manager: null, seq: 0 });
    else await desk.join(page);
    // The page may have gone while its greeting was being written.
    if (!this.#viewers.has(page)) desk?.sockets.delete(page);
    if (this.#presence.length > 0) page.send({ type: 'presence', whole: true, managers: this.#presence });
    if (this.#alarms.length > 0) page.send({ type: 'alarm', alarms: this.#alarms });
  }

  async #answer(page: DeskSocket, desk: Desk | null, viewer: Viewer, data: string): Promise<void> {
    const message = parseClientMessage(data);
    const ref = message.ref ?? null;
    const fail = (code: string, text: string) => page.send({ type: 'error', ref, code, message: text });
    try {
      if (message.type === 'invalid')
        return fail('invalid', 'expected resume, choose, note, disposition or suggestion');
      if (message.type === 'resume') {
        if (desk === null) page.send({ type: 'reset', seq: 0 });
        else await desk.resume(page, message.seq);
      } else {
        const [result] = await this.#options.apply([this.#decision(message, viewer)]);
        if (result?.ok !== true) return fail(result?.code ?? 'failed', result?.message ?? 'nothing was written');
        const decided = result.changes.find((change) => change.interaction.id === message.interaction);
        if (decided !== undefined) return page.send({ type: 'ok', ref, interaction: decided.interaction });
      }
      page.send({ type: 'ok', ref });
    } catch (error) {
      this.#options.log.error({ err: error, type: message.type }, 'a desk message could not be carried out');
      fail('failed', 'could not be carried out now; try again');
    }
  }

  #decision(message: Decide, viewer: Viewer): Write {
    return {
      op: 'decide',
      id: message.interaction as InteractionId,
      ifRevision: null,
      by: viewer.by,
      decision: decisionOf(message),
      at: this.#options.clock.now(),
    };
  }

  #broadcast(message: ServerMessage): void {
    if (this.#viewers.size === 0) return;
    const text = JSON.stringify(message);
    for (const page of this.#viewers.keys()) page.sendText(text);
  }

  async #beat(): Promise<void> {
    for (const [page, viewer] of [...this.#viewers]) {
      if (!page.alive) {
        page.terminate();
        continue;
      }
      page.ping();
      const valid = await viewer.stillValid().catch(() => true);
      if (!valid) page.close(4401, 'logged out');
    }
  }
}

function isOf({ manager }: Presence, other: Presence | undefined): boolean {
  return manager.id === other?.manager.id && manager.name === other.manager.name;
}

function decisionOf(message: Decide): Decision {
  switch (message.type) {
    case 'choose': {
      const client = message.client as ClientId | null;
      return message.contact === undefined ? { client } : { client, contact: message.contact };
    }
    case 'note':
      return { note: message.text };
    case 'disposition':
      return { disposition: message.value };
    case 'suggestion': {
      const { kind, value, state } = message;
      return { suggestion: { kind, value, state } };
    }
  }
}

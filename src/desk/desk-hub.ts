import type { WebSocket } from 'ws';
import type { ClientId } from '../domain/base/ids.ts';
import type { Presence } from '../domain/call/device.ts';
import type { FollowUp, Task } from '../domain/follow-up/follow-up.ts';
import { seesLead } from '../domain/interaction/view.ts';
import type { Change, Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { cardEntry, decisionWrites, refusalOf } from './decisions.ts';
import { Desk, type DeskReader } from './desk.ts';
import { DeskSocket } from './desk-socket.ts';
import { type DeskAlarm, parseClientMessage, type ServerMessage } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** What the hub is built from. */
export interface DeskHubOptions {
  readonly read: DeskReader;
  /** Where decisions are written: the intake's `apply`. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two pings; 30 s by default. */
  readonly heartbeat?: number;
  /** Pages open at a time; 2000 by default. */
  readonly maxSockets?: number;
}

/** Messages of one page that may wait for their answer; a page that sends more faster is no page. */
const maxPending = 32;
const mostSockets = 2000;
/** Pages of one person, or of one program for one manager: nobody has more tabs open on purpose. */
const mostOfOne = 20;
/** The close code of a page that made room for a newer one of the same person; it must not come back by itself. */
const tooManyPages = 4429;
/** All open desks of this process: tells them what changed, and carries out what they decide. */
export class DeskHub {
  readonly #options: DeskHubOptions;
  readonly #desks = new Map<string, Desk>();
  readonly #viewers = new Map<DeskSocket, Viewer>();
  #presence: readonly Presence[] = [];
  #alarms: readonly DeskAlarm[] = [];
  #supervisorAlarms: readonly DeskAlarm[] = [];
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
    const page = new DeskSocket(socket, viewer.view, () => {
      this.#slow += 1;
      this.#options.log.warn({ manager: viewer.manager?.id ?? null }, 'a desk that does not read was cut off');
    });
    if (this.#closed || this.#viewers.size >= (this.#options.maxSockets ?? mostSockets)) {
      page.close(1013, 'try again later');
      return;
    }
    this.#makeRoom(viewer);
    this.#viewers.set(page, viewer);
    const desk = viewer.manager === null ? null : this.#desk(viewer);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#viewers.delete(page);
      desk?.sockets.delete(page);
    });
    let pending = 0;
    // In the order they came, so that the later of two decisions about one thing stands.
    let answered = Promise.resolve();
    socket.on('message', (data, binary) => {
      pending += 1;
      if (binary || pending > maxPending) {
        page.close(1008, 'too much at once');
        return;
      }
      answered = answered.then(async () => {
        await this.#answer(page, desk, viewer, data.toString());
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

  /** Tells the pages that a lead or task concerns: leads whose pool it is or was in, tasks whose they are, and those of nobody who sees the contact. */
  tell(followUp: FollowUp): void {
    if (followUp.kind === 'lead') {
      const { lead } = followUp;
      // Who saw it in the pool is to see it go.
      const sees = ({ view }: Viewer) =>
        view === null || seesLead(view, lead) || seesLead(view, { ...lead, state: 'open' });
      return this.#broadcast({ type: 'lead', lead }, sees);
    }
    const { task } = followUp;
    if (task.manager !== null)
      return this.#broadcast({ type: 'task', task }, ({ manager }) => manager?.id === task.manager?.id);
    this.#broadcast({ type: 'task', task }, ({ view }) => view === null);
    void this.#tellNarrowed(task);
  }

  /** A task of nobody, to pages that do not see every contact. */
  async #tellNarrowed(task: Task): Promise<void> {
    const seen = new Map<string, Promise<boolean>>();
    for (const [page, { view }] of [...this.#viewers]) {
      if (view === null) continue;
      const sight = JSON.stringify(view);
      const sees =
        seen.get(sight) ??
        this.#options.read
          .under(view)
          .task(task.id)
          .then(
            (one) => one !== null,
            () => false,
          );
      seen.set(sight, sees);
      if (await sees) page.send({ type: 'task', task });
    }
  }

  /** Asks again who sits before the desks of those whose rights have changed, and lets go of who may not any more. */
  async recheck(whose: readonly string[] | 'everybody'): Promise<void> {
    const names = new Set(whose);
    const concerned = [...this.#viewers].filter(
      ([, viewer]) => whose === 'everybody' || viewer.whose.some((name) => names.has(name)),
    );
    await Promise.all(concerned.map(([page, viewer]) => this.#validate(page, viewer)));
  }

  async #validate(page: DeskSocket, viewer: Viewer): Promise<Viewer | null> {
    const now = await viewer.current().catch(() => viewer);
    if (now === null) page.close(4401, 'logged out');
    // The page comes back by itself, and is greeted as who it is now.
    else if (JSON.stringify(sightOf(now)) !== JSON.stringify(sightOf(viewer))) page.close(1012, 'rights changed');
    return now;
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
    for (const [page, viewer] of this.#viewers) this.#sendAlarms(page, viewer);
  }

  /** Alarms about colleagues, which supervisors and administrators are told beside the others. */
  setSupervisorAlarms(alarms: readonly DeskAlarm[]): void {
    this.#supervisorAlarms = alarms;
    for (const [page, viewer] of this.#viewers) if (viewer.supervises) this.#sendAlarms(page, viewer);
  }

  #sendAlarms(page: DeskSocket, { supervises }: Viewer): void {
    page.send({ type: 'alarm', alarms: supervises ? [...this.#alarms, ...this.#supervisorAlarms] : this.#alarms });
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

  /** Somebody who opens one page too many loses the oldest one: a page that nobody can open must not be his only one. */
  #makeRoom(viewer: Viewer): void {
    const own = [...this.#viewers].filter(([, other]) => sameViewer(viewer, other));
    for (const [page] of own.slice(0, Math.max(0, own.length - mostOfOne + 1))) {
      this.#viewers.delete(page);
      page.close(tooManyPages, 'too many pages of yours are open');
    }
  }

  #desk(viewer: Viewer): Desk | null {
    if (viewer.manager === null) return null;
    const known = this.#desks.get(viewer.manager.id);
    if (known !== undefined) return known;
    const { read, log } = this.#options;
    const desk = new Desk(viewer.manager, read, log, (page, client) => void this.#shown(page, client));
    this.#desks.set(viewer.manager.id, desk);
    return desk;
  }

  /** Writes down that a page was shown a client's card. A pop does not wait for it. */
  async #shown(page: DeskSocket, client: ClientId): Promise<void> {
    const viewer = this.#viewers.get(page);
    if (viewer === undefined) return;
    try {
      await this.#options.apply([cardEntry(viewer, client, this.#options.clock.now())]);
    } catch (error) {
      this.#options.log.error({ err: error }, 'that a card was shown could not be written into the audit log');
    }
  }

  async #greet(page: DeskSocket, desk: Desk | null): Promise<void> {
    if (desk === null) page.send({ type: 'hello', manager: null, seq: 0 });
    else await desk.join(page);
    // The page may have gone while its greeting was being written.
    if (!this.#viewers.has(page)) desk?.sockets.delete(page);
    if (this.#presence.length > 0) page.send({ type: 'presence', whole: true, managers: this.#presence });
    const viewer = this.#viewers.get(page);
    const alarms = this.#alarms.length + (viewer?.supervises === true ? this.#supervisorAlarms.length : 0);
    if (viewer !== undefined && alarms > 0) this.#sendAlarms(page, viewer);
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
        const now = await this.#validate(page, viewer);
        if (now === null) return;
        const refusal = await refusalOf(message, now, this.#options.read);
        if (refusal !== null) return fail('not_found', refusal);
        const [result] = await this.#options.apply(decisionWrites(message, now, this.#options.clock.now()));
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

  #broadcast(message: ServerMessage, concerns: (viewer: Viewer) => boolean = () => true): void {
    if (this.#viewers.size === 0) return;
    const text = JSON.stringify(message);
    for (const [page, viewer] of this.#viewers) if (concerns(viewer)) page.sendText(text);
  }

  async #beat(): Promise<void> {
    for (const [page, viewer] of [...this.#viewers]) {
      if (!page.alive) {
        page.terminate();
        continue;
      }
      page.ping();
      await this.#validate(page, viewer);
    }
  }
}

/** What a page was greeted with: where it changes, the page begins anew. */
function sightOf({ manager, view, supervises }: Viewer) {
  return { manager: manager?.id ?? null, view, supervises };
}

/** Whether both are pages of one person, or of one program for one manager. */
function sameViewer(one: Viewer, other: Viewer): boolean {
  return one.whose[0] === other.whose[0] && one.manager?.id === other.manager?.id;
}

function isOf({ manager }: Presence, other: Presence | undefined): boolean {
  return manager.id === other?.manager.id && manager.name === other.manager.name;
}

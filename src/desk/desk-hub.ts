import type { WebSocket } from 'ws';
import type { ClientId } from '../domain/base/ids.ts';
import type { Presence } from '../domain/call/device.ts';
import type { FollowUp, Task } from '../domain/follow-up/follow-up.ts';
import { seesLead } from '../domain/interaction/view.ts';
import type { Change, Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { attend, type DeskMarks, showChanged, showClientTyping } from './attention.ts';
import { type Command, commandOf } from './commands.ts';
import { cardEntry, decisionWrites, refusalOf } from './decisions.ts';
import { Desk, type DeskReader } from './desk.ts';
import { DeskSocket } from './desk-socket.ts';
import { broadcast, OfficeState } from './office-state.ts';
import { type DeskAlarm, parseClientMessage } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** Parts that a {@link DeskHub} needs. */
export interface DeskHubOptions {
  readonly read: DeskReader;
  /** Writes decisions: the intake's `apply`. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  /** Acts on a call under way for a viewer, or says why not. */
  readonly command: Command;
  readonly marks: DeskMarks;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two pings; 30 000 by default. */
  readonly heartbeat?: number;
  /** Pages open at a time; 2000 by default. */
  readonly maxSockets?: number;
}

/** Unanswered messages of one page. No person reaches this; a page that does is disconnected. */
const maxPending = 32;
const maxSockets = 2000;
/** Pages of one user, or of one program for one manager. */
const maxPagesPerViewer = 20;
/** Close code of a page that made room for a newer one of the same viewer. It must not reconnect by itself. */
const tooManyPages = 4429;

/** All open desks of this process: sends them what changed and carries out their decisions. */
export class DeskHub {
  readonly #options: DeskHubOptions;
  readonly #desks = new Map<string, Desk>();
  readonly #viewers = new Map<DeskSocket, Viewer>();
  readonly #office = new OfficeState(this.#viewers);
  #slow = 0;
  #closed = false;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: DeskHubOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => void this.#beat(), options.heartbeat ?? 30_000);
    this.#heartbeat.unref();
  }

  /** Open pages, and pages that were disconnected because they did not read; for the metrics. */
  get counts(): { readonly sockets: number; readonly slow: number } {
    return { sockets: this.#viewers.size, slow: this.#slow };
  }

  /** Takes over an upgraded, authenticated connection. */
  attach(socket: WebSocket, viewer: Viewer): void {
    const page = new DeskSocket(socket, viewer.view, () => {
      this.#slow += 1;
      this.#options.log.warn(
        { manager: viewer.manager?.id ?? null },
        'a desk was disconnected because it did not read',
      );
    });
    if (this.#closed || this.#viewers.size >= (this.#options.maxSockets ?? maxSockets)) {
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
    // One after the other: the later of two decisions about one thing must win.
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

  /** Sends a change to the desks that it concerns. Call it in the order of the commits. */
  publish(change: Change): void {
    showChanged(this.#viewers, change);
    for (const { manager, seq, kind } of change.desk) {
      void this.#desks.get(manager)?.publish(seq, kind, change.interaction);
    }
  }

  /** Tells the pages that show a conversation that its client is writing. */
  publishTyping(thread: string): void {
    showClientTyping(this.#viewers.keys(), thread);
  }

  /** Sends a lead to the pages that see its pool, and a task to its manager's pages, or if it has none, to pages that see its contact. */
  publishFollowUp(followUp: FollowUp): void {
    if (followUp.kind === 'lead') {
      const { lead } = followUp;
      // Pages that showed an open lead must learn that it is taken.
      const sees = ({ view }: Viewer) =>
        view === null || seesLead(view, lead) || seesLead(view, { ...lead, state: 'open' });
      return broadcast(this.#viewers, { type: 'lead', lead }, sees);
    }
    const { task } = followUp;
    if (task.manager !== null)
      return broadcast(this.#viewers, { type: 'task', task }, ({ manager }) => manager?.id === task.manager?.id);
    broadcast(this.#viewers, { type: 'task', task }, ({ view }) => view === null);
    void this.#sendToNarrowViews(task);
  }

  /** Sends a task of no manager to the pages with a limited view that includes it. */
  async #sendToNarrowViews(task: Task): Promise<void> {
    const seen = new Map<string, Promise<boolean>>();
    for (const [page, { view }] of [...this.#viewers]) {
      if (view === null) continue;
      const key = JSON.stringify(view);
      const sees =
        seen.get(key) ??
        this.#options.read
          .under(view)
          .task(task.id)
          .then(
            (one) => one !== null,
            () => false,
          );
      seen.set(key, sees);
      if (await sees) page.send({ type: 'task', task });
    }
  }

  /** Checks the viewers again whose rights have changed, and closes the pages that are not allowed any more. */
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
    // The page reconnects by itself and is greeted with its new rights.
    else if (JSON.stringify(rightsOf(now)) !== JSON.stringify(rightsOf(viewer))) page.close(1012, 'rights changed');
    return now;
  }

  /** Sets the states of telephones; see {@link OfficeState}. */
  setPresence(managers: readonly Presence[]): void {
    this.#office.setPresence(managers);
  }

  /** Sets the alarms that every page shows. */
  setAlarms(alarms: readonly DeskAlarm[]): void {
    this.#office.setAlarms(alarms);
  }

  /** Sets the alarms about colleagues, which supervisors and administrators get in addition. */
  setSupervisorAlarms(alarms: readonly DeskAlarm[]): void {
    this.#office.setSupervisorAlarms(alarms);
  }

  /** Closes all pages after changes were missed. They reconnect by themselves and resume. */
  reconnect(): void {
    for (const page of this.#viewers.keys()) page.close(1012, 'restart');
  }

  /** Announces a restart and closes all pages; they reconnect by themselves. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    const pages = [...this.#viewers.keys()];
    for (const page of pages) {
      page.send({ type: 'bye', reason: 'restart' });
      page.close(1012, 'restart');
    }
    // A peer that does not answer the close must not delay the shutdown.
    setTimeout(() => pages.forEach((page) => void page.terminate()), 1000).unref();
  }

  /** Closes the oldest page of a viewer who opens one too many: refusing the new one could lock them out. */
  #makeRoom(viewer: Viewer): void {
    const own = [...this.#viewers].filter(([, other]) => sameViewer(viewer, other));
    for (const [page] of own.slice(0, Math.max(0, own.length - maxPagesPerViewer + 1))) {
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

  /** Audits that a page got a client's card. The pop does not wait for it. */
  async #shown(page: DeskSocket, client: ClientId): Promise<void> {
    const viewer = this.#viewers.get(page);
    if (viewer === undefined) return;
    try {
      await this.#options.apply([cardEntry(viewer, client, this.#options.clock.now())]);
    } catch (error) {
      this.#options.log.error({ err: error }, 'the audit entry of a shown card could not be written');
    }
  }

  async #greet(page: DeskSocket, desk: Desk | null): Promise<void> {
    if (desk === null) page.send({ type: 'hello', manager: null, seq: 0, calls: [] });
    else await desk.join(page);
    // The page may have closed during its greeting.
    if (!this.#viewers.has(page)) desk?.sockets.delete(page);
    const viewer = this.#viewers.get(page);
    if (viewer !== undefined) this.#office.greet(page, viewer);
  }

  async #answer(page: DeskSocket, desk: Desk | null, viewer: Viewer, data: string): Promise<void> {
    const message = parseClientMessage(data);
    const ref = message.ref ?? null;
    const fail = (code: string, text: string) => page.send({ type: 'error', ref, code, message: text });
    try {
      if (message.type === 'invalid')
        return fail('invalid', 'expected resume, choose, note, disposition, suggestion, command, opened or typing');
      if (message.type === 'resume') {
        if (desk === null) page.send({ type: 'reset', seq: 0 });
        else await desk.resume(page, message.seq);
      } else {
        const now = await this.#validate(page, viewer);
        if (now === null) return;
        if (message.type === 'command') {
          const result = await commandOf(message, now, this.#options);
          if ('message' in result) return fail(result.code, result.message);
          return page.send({ type: 'command', ref, command: result });
        }
        const isAct = message.type === 'opened' || message.type === 'typing';
        const refusal = isAct
          ? await attend(message, page, now, this.#options)
          : await refusalOf(message, now, this.#options.read);
        if (refusal !== null) return fail('not_found', refusal);
        if (isAct) return page.send({ type: 'ok', ref });
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

/** The rights that a page was greeted with. It must reconnect when they change. */
function rightsOf({ manager, view, supervises }: Viewer) {
  return { manager: manager?.id ?? null, view, supervises };
}

/** Whether both are pages of one user, or of one program for one manager. */
function sameViewer(one: Viewer, other: Viewer): boolean {
  return one.whose[0] === other.whose[0] && one.manager?.id === other.manager?.id;
}

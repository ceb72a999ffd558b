import type { InteractionId } from '../../domain/base/ids.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import type { Change, Write, WriteResult } from '../../domain/ports/writes.ts';
import type { WrittenContact } from '../../domain/written/written-contact.ts';
import { citedForms, provenLink } from '../shared/account-links.ts';
import type { CallSettings } from '../shared/calls.ts';
import { type Refusal, refuse, refuseFailed } from '../shared/decisions.ts';
import { taskDone } from '../shared/follow-ups.ts';
import { partyOf } from '../shared/written.ts';
import { putLink } from './account-links.ts';
import { CallWriter } from './calls.ts';
import { ClientTable } from './clients.ts';
import { type Connection, isServerTrouble } from './connect.ts';
import { changeConversation } from './conversations.ts';
import { writeCrm } from './crm.ts';
import { DecisionWriter } from './decisions.ts';
import { putDevices } from './devices.ts';
import { FollowUpTable } from './follow-ups.ts';
import { InteractionTable } from './interactions.ts';
import { isStale } from './leases.ts';
import { holdNumber } from './number-holds.ts';
import { OutboundWriter } from './outbound.ts';
import { finishDelivery, oweErasure, retryDelivery, setDestinations } from './owed.ts';
import { ensurePartition, partitionName } from './partitions.ts';
import { writeQuarantine } from './quarantine.ts';
import { Relinker } from './relink.ts';
import { clearUndeliverable } from './undeliverable.ts';
import { ViewerTable } from './viewers.ts';
import { writeAccess } from './write-access.ts';
import { WrittenWriter } from './written.ts';

/** Writes after which the directory may say something else of somebody. */
export const directoryWrites: ReadonlySet<Write['op']> = new Set(['put-clients', 'delete-client', 'decide', 'lead']);

type Outcome = readonly Change[] | Refusal;

/** Who writes: a name for this instance, so that it does not hear its own changes from the store. */
export interface WriterSettings extends CallSettings {
  readonly instance: string;
  readonly keySecret: Buffer;
}

/** Carries writes out in the transaction that is open on its connection. */
export class Writer {
  readonly #db: Connection;
  readonly #table: InteractionTable;
  readonly #followUps: FollowUpTable;
  readonly #clients: ClientTable;
  readonly #viewers: ViewerTable;
  readonly #calls: CallWriter;
  readonly #relinker: Relinker;
  readonly #decisions: DecisionWriter;
  readonly #written: WrittenWriter;
  readonly #outbound: OutboundWriter;
  readonly #instance: string;
  readonly #country: string;
  /** Managers and lines as they stand in this transaction. */
  #staff: StaffIndex;
  readonly #months = new Set<string>();
  /** Which fences of this transaction are stale. */
  readonly #fences = new Map<string, boolean>();

  constructor(db: Connection, settings: WriterSettings) {
    this.#db = db;
    this.#followUps = new FollowUpTable(db, settings.instance);
    this.#viewers = new ViewerTable(db, (line) => this.#staff.knowsLine(line));
    const beside = { followUps: this.#followUps, viewers: this.#viewers };
    this.#table = new InteractionTable(db, settings.keySecret, settings.instance, beside);
    this.#staff = new StaffIndex({ managers: [], lines: [] }, settings.country);
    this.#instance = settings.instance;
    this.#country = settings.country;
    this.#clients = new ClientTable(db);
    this.#calls = new CallWriter(db, this.#table, settings);
    this.#relinker = new Relinker(db, this.#table, this.#calls);
    const deciding = { table: this.#table, clients: this.#clients, calls: this.#calls };
    this.#decisions = new DecisionWriter(db, { ...deciding, followUps: this.#followUps, relinker: this.#relinker });
    this.#written = new WrittenWriter(db, this.#table, this.#calls, settings);
    const parts = { table: this.#table, calls: this.#calls, written: this.#written };
    this.#outbound = new OutboundWriter(db, parts, settings);
  }

  /** One write, with a savepoint of its own when `alone`. Null: refused or failed without one; all is to be undone. */
  async write(write: Write, now: number, staff: StaffIndex, alone: boolean): Promise<WriteResult | null> {
    this.#staff = staff;
    if (alone) await this.#db.query('SAVEPOINT one');
    let outcome: Outcome;
    try {
      outcome = (await this.#isFenced(write))
        ? refuse('fenced', `another instance holds ${write.fence?.lease} now`)
        : await this.#carryOut(write, now, staff);
      if (alone) await this.#calls.finish();
    } catch (error) {
      if (isServerTrouble(error)) throw error;
      outcome = refuseFailed(error);
    }
    const refused = 'ok' in outcome;
    const followUps = this.#followUps.taken();
    if (refused && !alone) return null;
    if (alone) await this.#db.query(refused ? 'ROLLBACK TO one; RELEASE one' : 'RELEASE one');
    if (refused) {
      this.#table.forget();
      this.#calls.forget();
    }
    if (directoryWrites.has(write.op)) this.#calls.forgetDirectory();
    return refused ? (outcome as Refusal) : { ok: true, changes: outcome as readonly Change[], followUps };
  }

  /** A transaction begins. */
  begin(): void {
    this.#fences.clear();
    this.#table.forget();
    this.#calls.forget();
  }

  /** Everything is carried out: writes what was left for the end. */
  finish(): Promise<void> {
    return this.#calls.finish();
  }

  /** Reads at once what the calls among many writes will ask one by one: a trip to the server costs more than most of its work. */
  async foresee(writes: readonly Write[]): Promise<void> {
    const calls = writes.flatMap((write) =>
      write.op === 'contact' && write.event.kind === 'call' ? [write.event] : [],
    );
    if (calls.length > 1) await this.#calls.foresee(calls);
  }

  async #isFenced({ fence }: Write): Promise<boolean> {
    if (fence === undefined) return false;
    const key = `${fence.epoch} ${fence.lease}`;
    const known = this.#fences.get(key) ?? (await isStale(this.#db, fence));
    this.#fences.set(key, known);
    return known;
  }

  /** Makes the month's partition before anything of it is written. */
  async prepare(now: number): Promise<void> {
    const month = partitionName(now);
    if (this.#months.has(month)) return;
    await ensurePartition(this.#db, now);
    this.#months.add(month);
  }

  /** After a transaction that did not happen: its partitions did not either. */
  forget(): void {
    this.#months.clear();
    this.#followUps.taken();
  }

  async #carryOut(write: Write, now: number, staff: StaffIndex): Promise<Outcome> {
    const db = this.#db;
    switch (write.op) {
      case 'contact':
        return this.#contact(write.event, now, staff);
      case 'routed':
        if (write.turn !== null) {
          await db.query(
            `INSERT INTO turns (grp, manager) VALUES ($1, $2)
             ON CONFLICT (grp) DO UPDATE SET manager = excluded.manager, seq = excluded.seq`,
            [write.turn.group, write.turn.manager],
          );
        }
        return this.#calls.route(write.call, write, write.at);
      case 'decide':
        return this.#decisions.decide(write, staff);
      case 'record':
        await this.prepare(write.at);
        return this.#decisions.record(write, staff);
      case 'send':
        await this.prepare(write.at);
        return this.#outbound.send(write, staff);
      case 'sending':
        return this.#outbound.begin(write);
      case 'sent':
        return this.#outbound.end(write);
      case 'resend':
        return this.#outbound.again(write);
      case 'lead':
        return this.#decisions.lead(write, staff);
      case 'hand-over':
      case 'close':
        return changeConversation(
          write,
          { interactions: this.#table, followUps: this.#followUps, viewers: this.#viewers },
          staff,
        );
      case 'put-task':
        await this.#followUps.putTask(write.task);
        return [];
      case 'task-done': {
        const task = taskDone(await this.#followUps.task(write.id), write);
        if ('ok' in task) return task;
        await this.#followUps.putTask(task);
        return [];
      }
      case 'put-clients':
        await this.#viewers.reassign(write.clients);
        return this.#relinker.relink(await this.#clients.put(write.clients), staff, write.at);
      case 'delete-client': {
        await this.#viewers.release(write.id);
        const had = await this.#clients.remove(write.id);
        if (had === null) return refuse('not_found', `no client ${write.id}`);
        await oweErasure(db, write.id, write.at);
        return this.#relinker.relink(had, staff, write.at);
      }
      case 'relink':
        return this.#relinker.resume(staff, write.at);
      case 'staff':
        await db.query(
          `INSERT INTO meta (name, value) VALUES ('staff', $1), ('staff_seq', nextval('commit_seq')::text)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
          [JSON.stringify(write.staff)],
        );
        return [];
      case 'quarantine':
      case 'quarantine-retry':
      case 'quarantine-remove':
        return (await writeQuarantine(db, write)) ?? [];
      case 'devices':
        await putDevices(db, write.reports, this.#instance);
        return [];
      case 'destinations':
        await setDestinations(db, write);
        return [];
      case 'ledger':
      case 'vault':
        await writeCrm(db, write);
        return [];
      case 'hold-number':
        return (await holdNumber(db, write.hold)) ?? [];
      case 'clear-undeliverable':
        return (await clearUndeliverable(db, write.email, write.at))
          ? []
          : refuse('not_found', 'no letter to this address came back');
      case 'delivered':
        return this.#delivered(write);
      case 'retry-delivery':
        return (await retryDelivery(db, write.id, write.at)) ?? [];
      default:
        return (await writeAccess(db, write, now)) ?? [];
    }
  }

  /** What a message proves of its account holds for the messages before it. */
  async #link(contact: WrittenContact, now: number, staff: StaffIndex): Promise<readonly Change[]> {
    const forms = await Promise.all(citedForms(contact).map((id) => this.#table.get(id)));
    const found = forms.filter((form) => form !== null);
    const link = provenLink(contact, partyOf(contact, this.#country), found);
    if (link === null || !(await putLink(this.#db, link))) return [];
    return this.#relinker.relink([{ kind: 'account', value: link.account }], staff, now);
  }

  async #contact(event: ContactEvent, now: number, staff: StaffIndex): Promise<Outcome> {
    switch (event.kind) {
      case 'call':
        return this.#calls.apply(event, staff, now);
      case 'written':
        return [...(await this.#written.apply(event, staff, now)), ...(await this.#link(event, now, staff))];
      case 'report':
        return this.#written.report(event, now);
      case 'deletion':
        return this.#written.delete(event, now);
    }
  }

  async #delivered(write: Extract<Write, { op: 'delivered' }>): Promise<Outcome> {
    const { destination, kind, subject, outcome } = write;
    if (!(await finishDelivery(this.#db, write, this.#instance))) {
      return refuse('not_found', `nothing is owed to ${destination} for ${kind} ${subject}`);
    }
    if (outcome.kind === 'done' && outcome.link !== null && kind === 'interaction') {
      const interaction = await this.#table.get(subject as InteractionId);
      if (interaction !== null) {
        await this.#table.setLinks(interaction, { ...interaction.links, [destination]: outcome.link });
      }
    }
    return [];
  }
}

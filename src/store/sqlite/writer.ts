import type { Database } from 'better-sqlite3';
import type { InteractionId } from '../../domain/base/ids.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import type { Change, Write } from '../../domain/ports/writes.ts';
import type { WrittenContact } from '../../domain/written/written-contact.ts';
import { citedForms, provenLink } from '../shared/account-links.ts';
import { type CallSettings, identifiersOf } from '../shared/calls.ts';
import { chosenAccount, type DecideWrite, type Refusal, refuse } from '../shared/decisions.ts';
import { type LeadWrite, taskDone } from '../shared/follow-ups.ts';
import { partyOf } from '../shared/written.ts';
import { AccessTable } from './access.ts';
import { AccountLinkTable } from './account-links.ts';
import { CallWriter } from './calls.ts';
import { ClientWords } from './client-words.ts';
import { ClientTable } from './clients.ts';
import { changeConversation } from './conversations.ts';
import { writeCrm } from './crm.ts';
import { DecisionWriter } from './decisions.ts';
import { SqliteDirectory } from './directory.ts';
import { FollowUpTable } from './follow-ups.ts';
import { Forgetting } from './forgetting.ts';
import { InteractionTable } from './interactions.ts';
import { NumberHoldTable } from './number-holds.ts';
import { OutboundWriter } from './outbound.ts';
import { OwedTable } from './owed.ts';
import { writeQuarantine } from './quarantine.ts';
import { Relinker } from './relink.ts';
import { UndeliverableTable } from './undeliverable.ts';
import { ViewerTable } from './viewers.ts';
import type { SqliteWrite } from './writer-protocol.ts';
import { WrittenWriter } from './written.ts';

/** Carries writes out on one connection, in the transaction of whoever asks. Lives in the writer thread. */
export class Writer {
  readonly #db: Database;
  readonly #settings: CallSettings;
  readonly #owed: OwedTable;
  readonly #followUps: FollowUpTable;
  readonly #interactions: InteractionTable;
  readonly #clients: ClientTable;
  readonly #viewers: ViewerTable;
  readonly #holds: NumberHoldTable;
  readonly #calls: CallWriter;
  readonly #undeliverable: UndeliverableTable;
  readonly #written: WrittenWriter;
  readonly #outbound: OutboundWriter;
  readonly #decisions: DecisionWriter;
  readonly #links: AccountLinkTable;
  readonly #relinker: Relinker;
  readonly #access: AccessTable;
  readonly #forgetting: Forgetting;
  #staff: StaffIndex;

  constructor(db: Database, settings: CallSettings) {
    const directory = new SqliteDirectory(db, settings.sources);
    this.#db = db;
    this.#settings = settings;
    this.#owed = new OwedTable(db);
    this.#followUps = new FollowUpTable(db, this.#owed);
    this.#viewers = new ViewerTable(db, (line) => this.#staff.knowsLine(line));
    this.#interactions = new InteractionTable(db, this.#owed, this.#followUps, this.#viewers);
    this.#clients = new ClientTable(db, new ClientWords(db));
    this.#holds = new NumberHoldTable(db);
    this.#calls = new CallWriter(db, this.#interactions, directory, settings);
    this.#undeliverable = new UndeliverableTable(db);
    const tables = { interactions: this.#interactions, undeliverable: this.#undeliverable };
    this.#written = new WrittenWriter(db, tables, this.#calls, settings);
    const parts = {
      table: this.#interactions,
      calls: this.#calls,
      written: this.#written,
      undeliverable: this.#undeliverable,
    };
    this.#outbound = new OutboundWriter(db, parts, settings);
    this.#relinker = new Relinker(db, this.#interactions, this.#calls);
    this.#decisions = new DecisionWriter({
      table: this.#interactions,
      directory,
      clients: this.#clients,
      calls: this.#calls,
      followUps: this.#followUps,
      relinker: this.#relinker,
    });
    this.#links = new AccountLinkTable(db);
    this.#access = new AccessTable(db);
    this.#forgetting = new Forgetting(db, this.#viewers);
    this.#staff = new StaffIndex(savedStaff(db), settings.country);
  }

  /** What the writes since the last call made of leads and tasks. */
  followUps(): readonly FollowUp[] {
    return this.#followUps.taken();
  }

  /** Reads again what was set in memory for a transaction that did not happen. */
  reload(): void {
    this.#owed.reload();
    this.#followUps.taken();
    this.#staff = new StaffIndex(savedStaff(this.#db), this.#settings.country);
  }

  /** Carries one write out: what it changed, or why it is refused; then, and where it throws, all it did has to be undone. */
  carryOut(write: SqliteWrite, now: number): readonly Change[] | Refusal {
    switch (write.op) {
      case 'contact':
        return this.#contact(write.event, now);
      case 'routed':
        if (write.turn !== null) this.#takeTurn(write.turn.group, write.turn.manager);
        return this.#calls.route(write.call, write, write.at);
      case 'decide':
        return this.#decide(write);
      case 'record':
        return this.#decisions.record(write, this.#staff);
      case 'send':
        return this.#outbound.send(write, this.#staff);
      case 'sending':
        return this.#outbound.begin(write);
      case 'sent':
        return this.#outbound.end(write);
      case 'resend':
        return this.#outbound.again(write);
      case 'lead':
        return this.#lead(write);
      case 'hand-over':
      case 'close':
        return changeConversation(
          write,
          { interactions: this.#interactions, followUps: this.#followUps, viewers: this.#viewers },
          this.#staff,
        );
      case 'put-task':
        this.#followUps.putTask(write.task);
        return [];
      case 'task-done': {
        const task = taskDone(this.#followUps.task(write.id), write);
        if ('ok' in task) return task;
        this.#followUps.putTask(task);
        return [];
      }
      case 'put-clients':
        return this.#relinker.relink(
          write.clients.flatMap((client) => {
            this.#viewers.reassign(client.id, client.responsible);
            return this.#clients.put(client);
          }),
          this.#staff,
          write.at,
        );
      case 'delete-client': {
        this.#viewers.reassign(write.id, null);
        const had = this.#clients.remove(write.id);
        if (had === null) return refuse('not_found', `no client ${write.id}`);
        this.#owed.owe('client_erasure', write.id, null, write.at);
        return this.#relinker.relink(had, this.#staff, write.at);
      }
      case 'relink':
        return this.#relinker.resume(this.#staff, write.at);
      case 'staff':
        this.#db
          .prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('staff', ?)")
          .run(JSON.stringify(write.staff));
        this.#staff = new StaffIndex(write.staff, this.#settings.country);
        return [];
      case 'destinations':
        this.#owed.setDestinations(write);
        return [];
      case 'delivered':
        return this.#delivered(write);
      case 'retry-delivery':
        return this.#owed.retry(write.id, write.at) ?? [];
      case 'ledger':
      case 'vault':
        writeCrm(this.#db, write);
        return [];
      case 'hold-number':
        return this.#holds.hold(write.hold) ?? [];
      case 'clear-undeliverable':
        return this.#undeliverable.clear(write.email, write.at)
          ? []
          : refuse('not_found', 'no letter to this address came back');
      case 'quarantine':
      case 'quarantine-retry':
      case 'quarantine-remove':
        return writeQuarantine(this.#db, write) ?? [];
      case 'devices':
        // Whoever could read them is this program, which reported them.
        return [];
      case 'forget':
        this.#forgetting.carryOut(write);
        return [];
      default:
        return this.#access.write(write, now) ?? [];
    }
  }

  /** Whom a conversation is with, decided of one of its messages, holds for those before it. */
  #decide(write: DecideWrite): readonly Change[] | Refusal {
    const changes = this.#decisions.decide(write, this.#staff);
    if ('ok' in changes) return changes;
    return [...changes, ...this.#relinker.relink(chosenAccount(write, changes), this.#staff, write.at)];
  }

  /** What a message proves of its account holds for the messages before it. */
  #link(contact: WrittenContact, now: number): readonly Change[] {
    const forms = citedForms(contact).flatMap((id) => this.#interactions.get(id) ?? []);
    const link = provenLink(contact, partyOf(contact, this.#settings.country), forms);
    if (link === null || !this.#links.put(link)) return [];
    return this.#relinker.relink([{ kind: 'account', value: link.account }], this.#staff, now);
  }

  /** What was decided of a lead's party holds for everything of it. */
  #lead(write: LeadWrite): readonly Change[] | Refusal {
    const changes = this.#decisions.lead(write, this.#staff);
    if ('ok' in changes || changes.length === 0) return changes;
    const party = changes[0]?.interaction.party;
    const identifiers = party === undefined ? [] : identifiersOf(party).slice(0, 1);
    return [...changes, ...this.#relinker.relink(identifiers, this.#staff, write.at)];
  }

  #contact(event: ContactEvent, now: number): readonly Change[] {
    switch (event.kind) {
      case 'call':
        return this.#calls.apply(event, this.#staff, now);
      case 'written':
        return [...this.#written.apply(event, this.#staff, now), ...this.#link(event, now)];
      case 'report':
        return this.#written.report(event, now);
      case 'deletion':
        return this.#written.delete(event, now);
    }
  }

  #delivered(write: Extract<Write, { op: 'delivered' }>): readonly Change[] | Refusal {
    const { destination, kind, subject, revision, outcome, at } = write;
    if (!this.#owed.finish(destination, kind, subject, revision, outcome, at)) {
      return refuse('not_found', `nothing is owed to ${destination} for ${kind} ${subject}`);
    }
    if (outcome.kind === 'done' && outcome.link !== null && kind === 'interaction') {
      const interaction = this.#interactions.get(subject as InteractionId);
      if (interaction !== null) {
        this.#interactions.setLinks(interaction, { ...interaction.links, [destination]: outcome.link });
      }
    }
    return [];
  }

  #takeTurn(group: string, manager: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO turns (grp, manager) VALUES (?, ?)').run(group, manager);
  }
}

function savedStaff(db: Database): Staff {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'staff'").get() as { value: string } | undefined;
  return row === undefined ? { managers: [], lines: [] } : (JSON.parse(row.value) as Staff);
}

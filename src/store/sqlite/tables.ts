import type { Database } from 'better-sqlite3';
import type { Staff } from '../../domain/directory/manager.ts';
import type { Identifier } from '../../domain/interaction/interaction.ts';
import type { ClientTable, DirectoryTable } from '../../domain/ports/directory-tables.ts';
import type { StaffTable, Tables } from '../../domain/ports/tables.ts';
import { SqlAccessTable } from '../shared/access-table.ts';
import { SqlAwaitedTable } from '../shared/awaited-table.ts';
import { SqlBookkeepingTable, SqlQuarantineTable } from '../shared/bookkeeping-table.ts';
import { SqlConversationTable } from '../shared/conversation-table.ts';
import { SqlCrmTable } from '../shared/crm-table.ts';
import { SqlNumberHoldTable } from '../shared/number-holds.ts';
import { SqlOutboundTable } from '../shared/outbound-table.ts';
import { SqlTranscriptTable } from '../shared/transcript-table.ts';
import { SqlUndeliverableTable } from '../shared/undeliverable-table.ts';
import { SqlWrittenTable } from '../shared/written-table.ts';
import { SqliteAccountLinkTable } from './account-links.ts';
import { SqliteCallTable } from './calls.ts';
import { ClientWords } from './client-words.ts';
import { ClientIndex } from './clients.ts';
import { SqliteDirectory } from './directory.ts';
import { SqliteFollowUpTable } from './follow-ups.ts';
import { SqliteInteractionTable } from './interactions.ts';
import { SqliteKeyTable } from './keys.ts';
import { SqliteOwedTable } from './owed.ts';
import { SqliteRelinkTable } from './relinks.ts';
import { SqliteSearchTable } from './search-texts.ts';
import { SqliteSql } from './sql.ts';
import type { ViewerTable } from './viewers.ts';

/**
 * All tables on the writer's connection. They answer synchronously, so nothing can run between the steps of a write.
 */
export class SqliteTables implements Tables {
  readonly interactions: SqliteInteractionTable;
  readonly keys: SqliteKeyTable;
  readonly calls: SqliteCallTable;
  readonly transcripts: SqlTranscriptTable;
  readonly written: SqlWrittenTable;
  readonly conversations: SqlConversationTable;
  readonly awaited: SqlAwaitedTable;
  readonly outbound: SqlOutboundTable;
  readonly undeliverable: SqlUndeliverableTable;
  readonly directory: DirectoryTable;
  readonly clients: ClientTable;
  readonly accountLinks: SqliteAccountLinkTable;
  readonly relinks: SqliteRelinkTable;
  readonly numberHolds: SqlNumberHoldTable;
  readonly followUps: SqliteFollowUpTable;
  readonly owed: SqliteOwedTable;
  readonly crm: SqlCrmTable;
  readonly staff: StaffTable;
  readonly quarantine: SqlQuarantineTable;
  readonly access: SqlAccessTable;
  readonly bookkeeping: SqlBookkeepingTable;
  readonly search: SqliteSearchTable;

  /** `sources` lists directory sources in order of precedence. */
  constructor(db: Database, viewers: ViewerTable, sources: readonly string[]) {
    const sql = new SqliteSql(db);
    const directory = new SqliteDirectory(db, sources);
    this.keys = new SqliteKeyTable(db);
    const { hash } = this.keys;
    this.owed = new SqliteOwedTable(db);
    this.crm = new SqlCrmTable(sql);
    this.interactions = new SqliteInteractionTable(db, this.owed, viewers);
    this.calls = new SqliteCallTable(db);
    this.transcripts = new SqlTranscriptTable(sql);
    this.written = new SqlWrittenTable(sql, hash);
    this.conversations = new SqlConversationTable(sql);
    this.awaited = new SqlAwaitedTable(sql, hash);
    this.outbound = new SqlOutboundTable(sql);
    this.undeliverable = new SqlUndeliverableTable(sql);
    this.directory = {
      of: () => directory,
      client: (id) => directory.client(id),
      ofDomain: (domain) => directory.ofDomain(domain),
    };
    this.clients = clientTable(new ClientIndex(db, new ClientWords(db)), viewers);
    this.accountLinks = new SqliteAccountLinkTable(db);
    this.relinks = new SqliteRelinkTable(db);
    this.numberHolds = new SqlNumberHoldTable(sql);
    this.followUps = new SqliteFollowUpTable(db, this.owed);
    this.staff = staffTable(db);
    this.quarantine = new SqlQuarantineTable(sql);
    this.access = new SqlAccessTable(sql);
    this.bookkeeping = new SqlBookkeepingTable(sql);
    this.search = new SqliteSearchTable(db);
  }

  /** Restores in-memory state after a rollback. */
  reload(): void {
    this.owed.reload();
    this.followUps.takeChanged();
  }
}

/** Managers and lines as stored. */
export function savedStaff(db: Database): Staff {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'staff'").get() as { value: string } | undefined;
  return row === undefined ? { managers: [], lines: [] } : (JSON.parse(row.value) as Staff);
}

/** The clients, with the keys that make their contacts visible to responsible managers. */
function clientTable(clients: ClientIndex, viewers: ViewerTable): ClientTable {
  return {
    put: (given) =>
      given.flatMap((client): readonly Identifier[] => {
        viewers.reassign(client.id, client.responsible);
        return clients.put(client);
      }),
    remove(id) {
      viewers.reassign(id, null);
      return clients.remove(id);
    },
    contact: (client, id) => clients.contact(client, id),
    choose: (identifier, { client, contact }, by, at) => clients.choose(identifier, client, contact, by, at),
    forgetChoice: (identifier) => clients.forget(identifier),
  };
}

function staffTable(db: Database): StaffTable {
  const put = db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('staff', ?)");
  const takeTurn = db.prepare('INSERT OR REPLACE INTO turns (grp, manager) VALUES (?, ?)');
  return {
    put: (staff) => void put.run(JSON.stringify(staff)),
    takeTurn: (group, manager) => void takeTurn.run(group, manager),
    // SQLite has a single process, which already knows what it reported.
    putDevices: () => undefined,
  };
}

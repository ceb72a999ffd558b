import { callParty } from '../../domain/call/call-facts.ts';
import { identifiersOf } from '../../domain/directory/party-identifiers.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
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
import { PostgresAccountLinkTable } from './account-links.ts';
import { PostgresCallTable } from './calls.ts';
import { PostgresClientTable } from './clients.ts';
import type { Connection } from './connect.ts';
import { PostgresDirectoryTable } from './directory.ts';
import { PostgresFollowUpTable } from './follow-ups.ts';
import { PostgresInteractionTable } from './interactions.ts';
import { PostgresKeyTable } from './keys.ts';
import { PostgresOwedTable } from './owed.ts';
import { PostgresRelinkTable } from './relinks.ts';
import { PostgresSearchTable } from './search-texts.ts';
import { PostgresSql } from './sql.ts';
import type { ViewerTable } from './viewers.ts';

/** `instance` is the id of this instance; `sources` lists directory sources in order of precedence. */
export interface TableSettings {
  readonly keySecret: Buffer;
  readonly instance: string;
  readonly sources?: readonly string[];
}

/** All tables on the writing connection. */
export class PostgresTables implements Tables {
  readonly interactions: PostgresInteractionTable;
  readonly keys: PostgresKeyTable;
  readonly calls: PostgresCallTable;
  readonly transcripts: SqlTranscriptTable;
  readonly written: SqlWrittenTable;
  readonly conversations: SqlConversationTable;
  readonly awaited: SqlAwaitedTable;
  readonly outbound: SqlOutboundTable;
  readonly undeliverable: SqlUndeliverableTable;
  readonly directory: PostgresDirectoryTable;
  readonly clients: PostgresClientTable;
  readonly accountLinks: PostgresAccountLinkTable;
  readonly relinks: PostgresRelinkTable;
  readonly numberHolds: SqlNumberHoldTable;
  readonly followUps: PostgresFollowUpTable;
  readonly owed: PostgresOwedTable;
  readonly crm: SqlCrmTable;
  readonly staff: StaffTable;
  readonly quarantine: SqlQuarantineTable;
  readonly access: SqlAccessTable;
  readonly bookkeeping: SqlBookkeepingTable;
  readonly search: PostgresSearchTable;

  constructor(db: Connection, { keySecret, instance, sources = [] }: TableSettings, viewers: ViewerTable) {
    const sql = new PostgresSql(db);
    this.interactions = new PostgresInteractionTable(db, instance, viewers);
    this.keys = new PostgresKeyTable(db, keySecret);
    const { hash } = this.keys;
    this.calls = new PostgresCallTable(db);
    this.transcripts = new SqlTranscriptTable(sql);
    this.written = new SqlWrittenTable(sql, hash);
    this.conversations = new SqlConversationTable(sql);
    this.awaited = new SqlAwaitedTable(sql, hash);
    this.outbound = new SqlOutboundTable(sql);
    this.undeliverable = new SqlUndeliverableTable(sql);
    this.directory = new PostgresDirectoryTable(db, sources);
    this.clients = new PostgresClientTable(db, viewers);
    this.accountLinks = new PostgresAccountLinkTable(db);
    this.relinks = new PostgresRelinkTable(db);
    this.numberHolds = new SqlNumberHoldTable(sql);
    this.followUps = new PostgresFollowUpTable(db, instance);
    this.owed = new PostgresOwedTable(db, instance);
    this.crm = new SqlCrmTable(sql);
    this.staff = staffTable(db, instance);
    this.quarantine = new SqlQuarantineTable(sql);
    this.access = new SqlAccessTable(sql);
    this.bookkeeping = new SqlBookkeepingTable(sql);
    this.search = new PostgresSearchTable(db);
  }

  /** Discards prefetched and pending state when a transaction begins or is partly rolled back. */
  forget(): void {
    this.interactions.forget();
    this.keys.forget();
    this.calls.forget();
    this.directory.forget();
  }

  /**
   * Prefetches what the steps of many calls will read one by one, because a round trip takes longer than most of
   * their work.
   */
  async prefetch(calls: readonly CallSnapshot[], staff: StaffIndex): Promise<void> {
    const names = calls.flatMap((call) => [call.key, ...call.aliases]);
    const found = await this.keys.find(names);
    await this.interactions.prefetch([...new Set(found.flatMap(({ interaction }) => interaction ?? []))]);
    await this.calls.prefetch(names);
    const outside = calls.filter(({ direction }) => direction !== 'internal');
    await this.directory.prefetch(outside.flatMap((call) => identifiersOf(callParty(call, staff))));
  }
}

function staffTable(db: Connection, instance: string): StaffTable {
  return {
    async put(staff) {
      await db.query(
        `INSERT INTO meta (name, value) VALUES ('staff', $1), ('staff_seq', nextval('commit_seq')::text)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        [JSON.stringify(staff)],
      );
    },
    async takeTurn(group, manager) {
      await db.query(
        `INSERT INTO turns (grp, manager) VALUES ($1, $2)
         ON CONFLICT (grp) DO UPDATE SET manager = excluded.manager, seq = excluded.seq`,
        [group, manager],
      );
    },
    /** Reports device states to other instances. Unchanged states write nothing. */
    async putDevices(reports) {
      const latest = [...new Map(reports.map((one) => [`${one.connection}/${one.extension}`, one])).values()];
      await db.query(
        `INSERT INTO device_states (connection, extension, state, instance)
         SELECT c, e, s, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS r (c, e, s) ORDER BY c, e
         ON CONFLICT (connection, extension) DO UPDATE SET state = excluded.state, instance = excluded.instance, seq = excluded.seq
         WHERE device_states.state <> excluded.state`,
        [
          latest.map((one) => one.connection),
          latest.map((one) => one.extension),
          latest.map((one) => one.state),
          instance,
        ],
      );
    },
  };
}

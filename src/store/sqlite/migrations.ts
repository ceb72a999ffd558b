import type { Database } from 'better-sqlite3';
import { searchWords } from '../../domain/directory/search-words.ts';
import type { Migration } from '../shared/migration.ts';

const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'the spine',
    sql: `
      CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

      CREATE TABLE interactions (
        id TEXT PRIMARY KEY, revision INTEGER NOT NULL, channel TEXT NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL,
        started_at TEXT NOT NULL, phone TEXT, email TEXT, client TEXT, line TEXT, connection TEXT, live INTEGER NOT NULL, auto INTEGER NOT NULL,
        body TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX interactions_started ON interactions (started_at DESC, id DESC);
      CREATE INDEX interactions_client ON interactions (client, started_at DESC) WHERE client IS NOT NULL;
      CREATE INDEX interactions_phone ON interactions (phone, started_at DESC) WHERE phone IS NOT NULL;
      CREATE INDEX interactions_email ON interactions (email, started_at DESC) WHERE email IS NOT NULL;
      CREATE TABLE interaction_managers (manager TEXT NOT NULL, started_at TEXT NOT NULL, interaction TEXT NOT NULL,
        PRIMARY KEY (manager, started_at, interaction)) WITHOUT ROWID;
      CREATE TABLE history (interaction TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL,
        PRIMARY KEY (interaction, revision)) WITHOUT ROWID;
      CREATE TABLE event_keys (hash BLOB PRIMARY KEY, interaction TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE live_calls (interaction TEXT PRIMARY KEY, connection TEXT NOT NULL, snapshot TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE pending_routes (call TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE turns (grp TEXT PRIMARY KEY, manager TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE recordings (id TEXT PRIMARY KEY, interaction TEXT NOT NULL, path TEXT, mime TEXT) WITHOUT ROWID;
      CREATE TABLE recordings_heard (recording TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL);

      CREATE TABLE clients (
        rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folded TEXT NOT NULL, kind TEXT NOT NULL,
        responsible TEXT, segment TEXT, url TEXT, body TEXT NOT NULL);
      CREATE INDEX clients_folded ON clients (folded);
      CREATE TABLE identifiers (kind INTEGER NOT NULL, value TEXT NOT NULL, client INTEGER NOT NULL, contact TEXT NOT NULL, contact_name TEXT,
        PRIMARY KEY (kind, value, client, contact)) WITHOUT ROWID;
      CREATE TABLE choices (kind INTEGER NOT NULL, value TEXT NOT NULL, client TEXT, contact TEXT, by_id TEXT NOT NULL, by_name TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (kind, value)) WITHOUT ROWID;

      CREATE TABLE destinations (name TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE owed (
        rid INTEGER PRIMARY KEY, destination TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, revision INTEGER NOT NULL,
        delivered INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
        error TEXT, updated_at INTEGER NOT NULL, UNIQUE (destination, kind, subject));
      CREATE INDEX owed_due ON owed (destination, next_at) WHERE state = 'due';
      CREATE INDEX owed_parked ON owed (destination, rid) WHERE state = 'parked';

      CREATE TABLE desk_seq (manager TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE desk_log (manager TEXT NOT NULL, interaction TEXT NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (manager, interaction)) WITHOUT ROWID;
      CREATE INDEX desk_log_seq ON desk_log (manager, seq);

      CREATE TABLE cursors (connection TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (connection, name)) WITHOUT ROWID;
      CREATE TABLE users (login TEXT PRIMARY KEY, role TEXT NOT NULL, manager TEXT, password_hash TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE sessions (hash TEXT PRIMARY KEY, login TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    name: 'written contacts',
    sql: `
      ALTER TABLE interactions ADD COLUMN thread TEXT;
      ALTER TABLE interactions ADD COLUMN account TEXT;
      UPDATE interactions SET body = substr(body, 1, length(body) - 1) || ',"alsoOn":[],"automatic":null,"problem":null}';
      CREATE INDEX interactions_thread ON interactions (thread, started_at DESC) WHERE thread IS NOT NULL;
      CREATE INDEX interactions_account ON interactions (account, started_at DESC) WHERE account IS NOT NULL;

      CREATE TABLE attachments (id TEXT PRIMARY KEY, interaction TEXT NOT NULL, blob TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX attachments_interaction ON attachments (interaction);
      CREATE TABLE reply_handles (interaction TEXT PRIMARY KEY, connection TEXT NOT NULL, handle TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE outbound (id TEXT PRIMARY KEY, connection TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        next_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX outbound_due ON outbound (connection, next_at) WHERE state = 'due';
      CREATE INDEX outbound_sending ON outbound (connection) WHERE state = 'sending';
      CREATE TABLE pending_reports (key TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    `,
  },
  {
    version: 3,
    name: 'search by name, deals, relinking in batches',
    sql: `
      CREATE VIRTUAL TABLE client_words USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize='ascii');
      CREATE VIRTUAL TABLE client_terms USING fts5vocab (client_words, instance);
      INSERT INTO client_words (rowid, words) SELECT rid, search_words(name) FROM clients;

      CREATE TABLE deals (id TEXT NOT NULL, client TEXT NOT NULL, PRIMARY KEY (id, client)) WITHOUT ROWID;
      INSERT OR IGNORE INTO deals SELECT j.value ->> 'id', c.id FROM clients c, json_each(c.body, '$.deals') j;
      CREATE TABLE interaction_deals (interaction TEXT NOT NULL, deal TEXT NOT NULL, PRIMARY KEY (interaction, deal)) WITHOUT ROWID;
      CREATE INDEX interaction_deals_deal ON interaction_deals (deal);
      INSERT OR IGNORE INTO interaction_deals
        SELECT i.id, j.value ->> 'deal' FROM interactions i, json_each(i.body, '$.links') j WHERE j.value ->> 'deal' IS NOT NULL
        UNION SELECT id, body ->> '$.object.id' FROM interactions WHERE body ->> '$.object.type' = 'deal';

      CREATE TABLE relinks (kind INTEGER NOT NULL, value TEXT NOT NULL, started_at TEXT NOT NULL, interaction TEXT NOT NULL,
        PRIMARY KEY (kind, value)) WITHOUT ROWID;
    `,
  },
  {
    version: 4,
    name: 'leads and tasks',
    sql: `
      CREATE TABLE leads (id TEXT PRIMARY KEY, rkey TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE UNIQUE INDEX leads_party ON leads (rkey) WHERE state IN ('open', 'taken');
      CREATE INDEX leads_state ON leads (state, at DESC, id DESC);
      CREATE TABLE tasks (id TEXT PRIMARY KEY, manager TEXT, state TEXT NOT NULL, phone TEXT, at TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX tasks_state ON tasks (state, at DESC, id DESC);
      CREATE INDEX tasks_manager ON tasks (manager, state, at DESC, id DESC) WHERE manager IS NOT NULL;
      CREATE INDEX tasks_phone ON tasks (phone) WHERE state = 'open' AND phone IS NOT NULL;
    `,
  },
  {
    version: 5,
    name: 'numbers shown to visits',
    sql: `
      CREATE TABLE number_holds (number TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, visit TEXT NOT NULL, marks TEXT NOT NULL,
        PRIMARY KEY (number, from_at)) WITHOUT ROWID;
      CREATE INDEX number_holds_until ON number_holds (until_at);
    `,
  },
  {
    version: 6,
    name: 'letters as they came',
    sql: `
      CREATE TABLE letter_bodies (interaction TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    `,
  },
  {
    version: 7,
    name: 'accounts that proved their telephone',
    sql: `
      CREATE TABLE account_links (account TEXT PRIMARY KEY, kind INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX account_links_value ON account_links (kind, value);
    `,
  },
  {
    version: 8,
    name: 'blobs that nothing refers to',
    sql: `
      CREATE TABLE loose_blobs (blob TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE INDEX attachments_blob ON attachments (blob);
      CREATE INDEX letter_bodies_blob ON letter_bodies (body ->> '$.blob');
    `,
  },
  {
    version: 9,
    name: 'addresses that letters come back from',
    sql: `
      CREATE TABLE undeliverable (email TEXT PRIMARY KEY, since INTEGER NOT NULL, status TEXT NOT NULL, why TEXT NOT NULL, cleared INTEGER NOT NULL) WITHOUT ROWID;
    `,
  },
  {
    version: 10,
    name: 'clients by the domain of their addresses',
    sql: `
      CREATE INDEX identifiers_domain ON identifiers (substr(value, instr(value, '@') + 1)) WHERE kind = 1;
    `,
  },
  {
    version: 11,
    name: 'who else has a letter',
    sql: `
      CREATE TABLE interaction_participants (interaction TEXT NOT NULL, email TEXT NOT NULL, PRIMARY KEY (interaction, email)) WITHOUT ROWID;
      CREATE INDEX interaction_participants_email ON interaction_participants (email);
    `,
  },
  {
    version: 12,
    name: 'what letters answer that has not come yet',
    sql: `
      CREATE TABLE awaited (interaction TEXT NOT NULL, rank INTEGER NOT NULL, key BLOB NOT NULL, arrived_at INTEGER NOT NULL, PRIMARY KEY (interaction, rank)) WITHOUT ROWID;
      CREATE INDEX awaited_key ON awaited (key);
    `,
  },
  {
    // Without a rowid a row may fill a quarter of its page; what a body has beyond that took a page of its own.
    version: 13,
    name: 'interactions packed densely',
    sql: `
      CREATE TABLE interactions_packed (
        id TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, channel TEXT NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL,
        started_at TEXT NOT NULL, phone TEXT, email TEXT, client TEXT, line TEXT, connection TEXT, live INTEGER NOT NULL, auto INTEGER NOT NULL,
        body TEXT NOT NULL, thread TEXT, account TEXT);
      INSERT INTO interactions_packed SELECT * FROM interactions ORDER BY id;
      DROP TABLE interactions;
      ALTER TABLE interactions_packed RENAME TO interactions;
      CREATE INDEX interactions_started ON interactions (started_at DESC, id DESC);
      CREATE INDEX interactions_client ON interactions (client, started_at DESC) WHERE client IS NOT NULL;
      CREATE INDEX interactions_phone ON interactions (phone, started_at DESC) WHERE phone IS NOT NULL;
      CREATE INDEX interactions_email ON interactions (email, started_at DESC) WHERE email IS NOT NULL;
      CREATE INDEX interactions_thread ON interactions (thread, started_at DESC) WHERE thread IS NOT NULL;
      CREATE INDEX interactions_account ON interactions (account, started_at DESC) WHERE account IS NOT NULL;
    `,
  },
  {
    version: 14,
    name: 'who sees what, and who has seen it',
    sql: `
      CREATE TABLE interaction_viewers (viewer TEXT NOT NULL, started_at TEXT NOT NULL, interaction TEXT NOT NULL,
        PRIMARY KEY (viewer, started_at, interaction)) WITHOUT ROWID;
      CREATE INDEX clients_responsible ON clients (responsible) WHERE responsible IS NOT NULL;
      INSERT INTO interaction_viewers
        SELECT 'responsible:' || c.responsible, i.started_at, i.id FROM interactions i JOIN clients c ON c.id = i.client WHERE c.responsible IS NOT NULL
        UNION SELECT 'line:' || CASE WHEN line IN (SELECT l.value ->> '$.id' FROM meta m, json_each(m.value, '$.lines') l WHERE m.name = 'staff')
            THEN line ELSE '' END, started_at, id FROM interactions
          WHERE client IS NULL AND direction = 'inbound' AND body ->> '$.responsible' IS NULL AND body ->> '$.assignee' IS NULL
            AND body ->> '$.handledBy' IS NULL AND body ->> '$.mergedInto' IS NULL
        UNION SELECT 'handed:' || (h.value ->> '$.to.id'), j.started_at, j.id
          FROM interactions i, json_each(i.body, '$.handovers') h JOIN interactions j ON j.thread = i.thread;

      ALTER TABLE users ADD COLUMN scope TEXT;
      ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE sessions ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE sessions ADD COLUMN agent TEXT;
      CREATE TABLE access_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, whose TEXT NOT NULL);
      CREATE TABLE audit (id TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, what TEXT NOT NULL,
        subject TEXT, count INTEGER, address TEXT) WITHOUT ROWID;
      CREATE INDEX audit_who ON audit (who, id);
      CREATE INDEX audit_action ON audit (action, id);
      CREATE INDEX audit_subject ON audit (subject, id) WHERE subject IS NOT NULL;
    `,
  },
  {
    version: 15,
    name: 'what could not be taken in',
    sql: `
      CREATE TABLE quarantine (id TEXT PRIMARY KEY, connection TEXT NOT NULL, key TEXT NOT NULL, event TEXT, source TEXT, blob TEXT, reason TEXT NOT NULL,
        version TEXT NOT NULL, at INTEGER NOT NULL, tried_at INTEGER NOT NULL, tries INTEGER NOT NULL, UNIQUE (connection, key)) WITHOUT ROWID;
      CREATE INDEX quarantine_blob ON quarantine (blob) WHERE blob IS NOT NULL;
    `,
  },
  {
    version: 16,
    name: 'failed logins',
    sql: `
      CREATE TABLE login_failures (key TEXT PRIMARY KEY, failures INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX login_failures_at ON login_failures (at);
    `,
  },
  {
    version: 17,
    name: 'listings by channel, direction and state; contacts of lines by hour',
    sql: `
      CREATE INDEX interactions_kind ON interactions (channel, direction, state, started_at DESC, id DESC) WHERE NOT live;
      CREATE INDEX interactions_live ON interactions (started_at DESC, id DESC) WHERE live;
      CREATE TABLE line_hours (hour TEXT NOT NULL, line TEXT NOT NULL, connection TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (hour, line, connection)) WITHOUT ROWID;
      INSERT INTO line_hours SELECT substr(started_at, 1, 13), line, coalesce(connection, ''), count(*) FROM interactions
        WHERE direction = 'inbound' AND line IS NOT NULL GROUP BY 1, 2, 3;
    `,
  },
  {
    version: 18,
    name: 'what CRM cores keep',
    sql: `
      ALTER TABLE destinations ADD COLUMN wants TEXT NOT NULL DEFAULT 'interaction';
      CREATE TABLE ledger (kind TEXT NOT NULL, subject TEXT NOT NULL, destination TEXT NOT NULL, step TEXT NOT NULL, state TEXT NOT NULL,
        remote TEXT, at INTEGER NOT NULL, PRIMARY KEY (kind, subject, destination, step)) WITHOUT ROWID;
      CREATE TABLE vault (owner TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID;
    `,
  },
  {
    version: 19,
    name: 'reasons as codes',
    sql: `
      ALTER TABLE owed ADD COLUMN reason TEXT;
      ALTER TABLE quarantine ADD COLUMN fault TEXT;
    `,
  },
];

/** The schema this program writes. */
export const schemaVersion = migrations.at(-1)?.version ?? 0;

/** The steps a database still lacks, by name. */
export function pendingMigrations(db: Database): readonly string[] {
  const current = db.pragma('user_version', { simple: true }) as number;
  return migrations.filter(({ version }) => version > current).map(({ name }) => name);
}

/**
 * Brings a database up to date in one transaction, also where two programs start at once; answers the names of the steps
 * taken. Up to an older version for who tests the later steps.
 */
export function migrate(db: Database, upTo = schemaVersion): readonly string[] {
  const version = () => db.pragma('user_version', { simple: true }) as number;
  if (version() === schemaVersion) return [];
  db.function('search_words', { deterministic: true }, (name) => searchWords(String(name)).join(' '));
  return db
    .transaction(() => {
      const current = version();
      if (current > schemaVersion) {
        throw new Error(
          `the database has schema ${current}, this program knows ${schemaVersion}: it was written by a newer Patchbay; start that one`,
        );
      }
      const todo = migrations.filter((migration) => migration.version > current && migration.version <= upTo);
      for (const migration of todo) {
        db.exec(migration.sql);
        db.pragma(`user_version = ${migration.version}`);
      }
      return todo.map((migration) => migration.name);
    })
    .immediate();
}

import { searchWords } from '../../domain/directory/search-words.ts';
import type { Migration } from '../shared/migration.ts';
import type { Connection } from './connect.ts';

/**
 * A step that may also need what SQL alone can't say. `expand` leaves the program before it at work beside the new one: it adds
 * what has a default or nobody is made to fill. `contract` takes away what the program before still uses. The program that brings a
 * contract must work without it too: it is carried out when no older one runs.
 */
export interface PostgresMigration extends Migration {
  readonly phase: 'expand' | 'contract';
  /** Existing tables whose every row it reads or writes; as long as that takes, nobody commits. */
  readonly touches?: readonly string[];
  readonly fill?: (connection: Connection) => Promise<void>;
}

/**
 * The meaning is SQLite's; what differs: interactions are partitioned by the month in their id (a UUIDv7), so that
 * a question by id looks into one partition and a month can be detached; identifiers name clients by id; and two
 * logs tell other instances what a commit changed. Text is compared bytewise, as SQLite does.
 */
export const migrations: readonly PostgresMigration[] = [
  {
    version: 1,
    name: 'the spine',
    phase: 'expand',
    sql: `
      CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
      CREATE SEQUENCE commit_seq;

      CREATE TABLE interactions (
        id text COLLATE "C" PRIMARY KEY, revision int NOT NULL, channel text NOT NULL, direction text NOT NULL, state text NOT NULL,
        started_at text COLLATE "C" NOT NULL, phone text, email text, client text, line text, connection text,
        live boolean NOT NULL, auto boolean NOT NULL, body text NOT NULL) PARTITION BY RANGE (id);
      CREATE INDEX interactions_started ON interactions (started_at DESC, id DESC);
      CREATE INDEX interactions_client ON interactions (client, started_at DESC) WHERE client IS NOT NULL;
      CREATE INDEX interactions_phone ON interactions (phone, started_at DESC) WHERE phone IS NOT NULL;
      CREATE INDEX interactions_email ON interactions (email, started_at DESC) WHERE email IS NOT NULL;
      CREATE TABLE interaction_managers (manager text NOT NULL, started_at text COLLATE "C" NOT NULL, interaction text COLLATE "C" NOT NULL,
        PRIMARY KEY (manager, started_at, interaction));
      CREATE TABLE history (interaction text NOT NULL, revision int NOT NULL, at bigint NOT NULL, by text NOT NULL, what text NOT NULL,
        PRIMARY KEY (interaction, revision));
      CREATE TABLE event_keys (hash bytea PRIMARY KEY, interaction text NOT NULL);
      CREATE TABLE live_calls (interaction text PRIMARY KEY, connection text NOT NULL, snapshot text NOT NULL);
      CREATE TABLE pending_routes (call text PRIMARY KEY, at bigint NOT NULL, body text NOT NULL);
      CREATE TABLE turns (grp text PRIMARY KEY, manager text NOT NULL);
      CREATE TABLE recordings (id text PRIMARY KEY, interaction text NOT NULL, path text, mime text);
      CREATE TABLE recordings_heard (recording text NOT NULL, by text NOT NULL, at bigint NOT NULL);

      CREATE TABLE clients (id text COLLATE "C" PRIMARY KEY, name text NOT NULL, folded text COLLATE "C" NOT NULL, kind text NOT NULL,
        responsible text, segment text, url text, body text NOT NULL);
      CREATE INDEX clients_folded ON clients (folded, id);
      CREATE TABLE identifiers (kind smallint NOT NULL, value text NOT NULL, client text NOT NULL, contact text NOT NULL, contact_name text,
        PRIMARY KEY (kind, value, client, contact));
      CREATE INDEX identifiers_client ON identifiers (client);
      CREATE TABLE choices (kind smallint NOT NULL, value text NOT NULL, client text, contact text, by_id text NOT NULL, by_name text NOT NULL, at text NOT NULL,
        PRIMARY KEY (kind, value));

      CREATE TABLE destinations (name text PRIMARY KEY);
      CREATE TABLE owed (
        rid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, destination text NOT NULL, kind text NOT NULL, subject text NOT NULL, revision int NOT NULL,
        delivered int NOT NULL DEFAULT 0, state text NOT NULL, attempts int NOT NULL DEFAULT 0, next_at bigint NOT NULL,
        error text, updated_at bigint NOT NULL, claimed_until bigint NOT NULL DEFAULT 0, claimed_by text, UNIQUE (destination, kind, subject));
      CREATE INDEX owed_due ON owed (destination, next_at) WHERE state = 'due';
      CREATE INDEX owed_parked ON owed (destination, rid) WHERE state = 'parked';

      CREATE TABLE desk_seq (manager text PRIMARY KEY, seq bigint NOT NULL);
      CREATE TABLE desk_log (manager text NOT NULL, interaction text NOT NULL, seq bigint NOT NULL, PRIMARY KEY (manager, interaction));
      CREATE INDEX desk_log_seq ON desk_log (manager, seq);

      CREATE TABLE cursors (connection text NOT NULL, name text NOT NULL, value text NOT NULL, PRIMARY KEY (connection, name));
      CREATE TABLE users (login text PRIMARY KEY, role text NOT NULL, manager text, password_hash text NOT NULL);
      CREATE TABLE tokens (hash text PRIMARY KEY, name text NOT NULL UNIQUE, role text NOT NULL, created_at bigint NOT NULL);
      CREATE TABLE sessions (hash text PRIMARY KEY, login text NOT NULL, expires_at bigint NOT NULL);

      CREATE TABLE changes (seq bigint PRIMARY KEY DEFAULT nextval('commit_seq'), at bigint NOT NULL, instance text NOT NULL,
        interaction text NOT NULL, desk text NOT NULL);
      CREATE INDEX changes_at ON changes (at);
      CREATE TABLE directory_log (kind smallint NOT NULL, key text NOT NULL, seq bigint NOT NULL DEFAULT nextval('commit_seq'), PRIMARY KEY (kind, key));
      CREATE INDEX directory_log_seq ON directory_log (seq);
    `,
  },
  {
    version: 2,
    name: 'written contacts',
    // Interactions that the program before writes lack what this adds to them.
    phase: 'contract',
    touches: ['interactions'],
    sql: `
      ALTER TABLE interactions ADD COLUMN thread text;
      ALTER TABLE interactions ADD COLUMN account text;
      UPDATE interactions SET body = substr(body, 1, length(body) - 1) || ',"alsoOn":[],"automatic":null,"problem":null}';
      CREATE INDEX interactions_thread ON interactions (thread, started_at DESC) WHERE thread IS NOT NULL;
      CREATE INDEX interactions_account ON interactions (account, started_at DESC) WHERE account IS NOT NULL;

      CREATE TABLE attachments (id text PRIMARY KEY, interaction text NOT NULL, blob text NOT NULL, name text NOT NULL, mime text NOT NULL);
      CREATE INDEX attachments_interaction ON attachments (interaction);
      CREATE TABLE reply_handles (interaction text PRIMARY KEY, connection text NOT NULL, handle text NOT NULL);
      CREATE TABLE outbound (id text PRIMARY KEY, connection text NOT NULL, channel text NOT NULL, state text NOT NULL, attempts int NOT NULL DEFAULT 0,
        next_at bigint NOT NULL, expires_at bigint NOT NULL, content text NOT NULL);
      CREATE INDEX outbound_due ON outbound (connection, next_at) WHERE state = 'due';
      CREATE INDEX outbound_sending ON outbound (connection) WHERE state = 'sending';
      CREATE TABLE pending_reports (key text PRIMARY KEY, at bigint NOT NULL, body text NOT NULL);
    `,
  },
  {
    version: 3,
    name: 'search by name, deals, relinking in batches',
    phase: 'expand',
    touches: ['clients', 'interactions'],
    sql: `
      ALTER TABLE clients ADD COLUMN words tsvector;

      CREATE TABLE deals (id text NOT NULL, client text NOT NULL, PRIMARY KEY (id, client));
      CREATE INDEX deals_client ON deals (client);
      INSERT INTO deals SELECT DISTINCT j.value ->> 'id', c.id FROM clients c, json_array_elements(c.body::json -> 'deals') j;
      CREATE TABLE interaction_deals (interaction text COLLATE "C" NOT NULL, deal text NOT NULL, PRIMARY KEY (interaction, deal));
      CREATE INDEX interaction_deals_deal ON interaction_deals (deal);
      INSERT INTO interaction_deals
        SELECT i.id, j.value ->> 'deal' FROM interactions i, json_each(i.body::json -> 'links') j WHERE j.value ->> 'deal' IS NOT NULL
        UNION SELECT id, body::json #>> '{object,id}' FROM interactions WHERE body::json #>> '{object,type}' = 'deal';

      CREATE TABLE relinks (kind smallint NOT NULL, value text NOT NULL, started_at text COLLATE "C" NOT NULL,
        interaction text COLLATE "C" NOT NULL, PRIMARY KEY (kind, value));
    `,
    fill: fillWords,
  },
  {
    version: 4,
    name: 'leads and tasks',
    phase: 'expand',
    sql: `
      CREATE TABLE leads (id text COLLATE "C" PRIMARY KEY, rkey text NOT NULL, state text NOT NULL, at text COLLATE "C" NOT NULL, body text NOT NULL);
      CREATE UNIQUE INDEX leads_party ON leads (rkey) WHERE state IN ('open', 'taken');
      CREATE INDEX leads_state ON leads (state, at DESC, id DESC);
      CREATE TABLE tasks (id text COLLATE "C" PRIMARY KEY, manager text, state text NOT NULL, phone text, at text COLLATE "C" NOT NULL, body text NOT NULL);
      CREATE INDEX tasks_state ON tasks (state, at DESC, id DESC);
      CREATE INDEX tasks_manager ON tasks (manager, state, at DESC, id DESC) WHERE manager IS NOT NULL;
      CREATE INDEX tasks_phone ON tasks (phone) WHERE state = 'open' AND phone IS NOT NULL;
    `,
  },
  {
    version: 5,
    name: 'several instances',
    phase: 'expand',
    touches: ['leads', 'tasks', 'turns'],
    sql: `
      CREATE TABLE instances (id text PRIMARY KEY, serial bigint NOT NULL, at bigint NOT NULL);
      CREATE TABLE leases (name text PRIMARY KEY, holder text, epoch bigint NOT NULL, expires_at timestamptz NOT NULL);
      CREATE TABLE device_states (connection text NOT NULL, extension text NOT NULL, state text NOT NULL, instance text NOT NULL,
        seq bigint NOT NULL DEFAULT nextval('commit_seq'), PRIMARY KEY (connection, extension));
      CREATE INDEX device_states_seq ON device_states (seq);
      ALTER TABLE leads ADD COLUMN instance text, ADD COLUMN seq bigint NOT NULL DEFAULT nextval('commit_seq');
      ALTER TABLE tasks ADD COLUMN instance text, ADD COLUMN seq bigint NOT NULL DEFAULT nextval('commit_seq');
      CREATE INDEX leads_seq ON leads (seq);
      CREATE INDEX tasks_seq ON tasks (seq);
      ALTER TABLE turns ADD COLUMN seq bigint NOT NULL DEFAULT nextval('commit_seq');
    `,
  },
  {
    version: 6,
    name: 'numbers shown to visits',
    phase: 'expand',
    sql: `
      CREATE TABLE number_holds (number text NOT NULL, from_at bigint NOT NULL, until_at bigint NOT NULL, visit text NOT NULL, marks text NOT NULL,
        PRIMARY KEY (number, from_at));
      CREATE INDEX number_holds_until ON number_holds (until_at);
    `,
  },
  {
    version: 7,
    name: 'letters as they came',
    phase: 'expand',
    sql: `
      CREATE TABLE letter_bodies (interaction text PRIMARY KEY, body text NOT NULL);
    `,
  },
  {
    version: 8,
    name: 'accounts that proved their telephone',
    phase: 'expand',
    sql: `
      CREATE TABLE account_links (account text PRIMARY KEY, kind smallint NOT NULL, value text NOT NULL);
      CREATE INDEX account_links_value ON account_links (kind, value);
    `,
  },
  {
    version: 9,
    name: 'blobs that nothing refers to',
    phase: 'expand',
    touches: ['attachments', 'letter_bodies'],
    sql: `
      CREATE TABLE loose_blobs (blob text COLLATE "C" PRIMARY KEY);
      CREATE INDEX attachments_blob ON attachments (blob);
      CREATE INDEX letter_bodies_blob ON letter_bodies ((body::json ->> 'blob'));
    `,
  },
  {
    version: 10,
    name: 'addresses that letters come back from',
    phase: 'expand',
    sql: `
      CREATE TABLE undeliverable (email text COLLATE "C" PRIMARY KEY, since bigint NOT NULL, status text NOT NULL, why text NOT NULL, cleared bigint NOT NULL);
    `,
  },
  {
    version: 11,
    name: 'clients by the domain of their addresses',
    phase: 'expand',
    touches: ['identifiers'],
    sql: `
      CREATE INDEX identifiers_domain ON identifiers (split_part(value, '@', 2)) WHERE kind = 1;
    `,
  },
  {
    version: 12,
    name: 'who else has a letter',
    phase: 'expand',
    sql: `
      CREATE TABLE interaction_participants (interaction text COLLATE "C" NOT NULL, email text NOT NULL, PRIMARY KEY (interaction, email));
      CREATE INDEX interaction_participants_email ON interaction_participants (email, interaction);
    `,
  },
  {
    version: 13,
    name: 'what letters answer that has not come yet',
    phase: 'expand',
    sql: `
      CREATE TABLE awaited (interaction text COLLATE "C" NOT NULL, rank integer NOT NULL, key bytea NOT NULL, arrived_at bigint NOT NULL, PRIMARY KEY (interaction, rank));
      CREATE INDEX awaited_key ON awaited (key);
    `,
  },
  {
    version: 14,
    name: 'who sees what, and who has seen it',
    phase: 'expand',
    touches: ['interactions', 'clients'],
    sql: `
      CREATE TABLE interaction_viewers (viewer text NOT NULL, started_at text COLLATE "C" NOT NULL, interaction text COLLATE "C" NOT NULL,
        PRIMARY KEY (viewer, started_at, interaction));
      CREATE INDEX clients_responsible ON clients (responsible) WHERE responsible IS NOT NULL;
      INSERT INTO interaction_viewers
        SELECT 'responsible:' || c.responsible, i.started_at, i.id FROM interactions i JOIN clients c ON c.id = i.client WHERE c.responsible IS NOT NULL
        UNION SELECT 'line:' || CASE WHEN line IN (SELECT l.value ->> 'id' FROM meta m CROSS JOIN LATERAL json_array_elements(m.value::json -> 'lines') l WHERE m.name = 'staff')
            THEN line ELSE '' END, started_at, id FROM interactions
          WHERE client IS NULL AND direction = 'inbound' AND body::json ->> 'responsible' IS NULL AND body::json ->> 'assignee' IS NULL
            AND body::json ->> 'handledBy' IS NULL AND body::json ->> 'mergedInto' IS NULL
        UNION SELECT 'handed:' || (h.value #>> '{to,id}'), j.started_at, j.id
          FROM interactions i CROSS JOIN LATERAL json_array_elements(coalesce(i.body::json -> 'handovers', '[]')) h
          JOIN interactions j ON j.thread = i.thread;

      ALTER TABLE users ADD COLUMN scope text, ADD COLUMN disabled int NOT NULL DEFAULT 0;
      ALTER TABLE sessions ADD COLUMN created_at bigint NOT NULL DEFAULT 0, ADD COLUMN agent text;
      CREATE TABLE access_changes (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, whose text NOT NULL);
      CREATE TABLE audit (id text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, who text NOT NULL, action text NOT NULL, what text NOT NULL,
        subject text, count int, address text);
      CREATE INDEX audit_who ON audit (who, id);
      CREATE INDEX audit_action ON audit (action, id);
      CREATE INDEX audit_subject ON audit (subject, id) WHERE subject IS NOT NULL;
    `,
  },
  {
    version: 15,
    name: 'what could not be taken in',
    phase: 'expand',
    sql: `
      CREATE TABLE quarantine (id text COLLATE "C" PRIMARY KEY, connection text NOT NULL, key text NOT NULL, event text, source text, blob text COLLATE "C", reason text NOT NULL,
        version text NOT NULL, at bigint NOT NULL, tried_at bigint NOT NULL, tries int NOT NULL, UNIQUE (connection, key));
      CREATE INDEX quarantine_blob ON quarantine (blob) WHERE blob IS NOT NULL;
    `,
  },
  {
    version: 16,
    name: 'failed logins',
    phase: 'expand',
    sql: `
      CREATE TABLE login_failures (key text COLLATE "C" PRIMARY KEY, failures integer NOT NULL, at bigint NOT NULL);
      CREATE INDEX login_failures_at ON login_failures (at);
    `,
  },
  {
    version: 17,
    name: 'contacts of lines by hour',
    phase: 'expand',
    touches: ['interactions'],
    sql: `
      CREATE TABLE line_hours (hour text COLLATE "C" NOT NULL, line text NOT NULL, connection text NOT NULL, count int NOT NULL,
        PRIMARY KEY (hour, line, connection));
      INSERT INTO line_hours SELECT substr(started_at, 1, 13), line, coalesce(connection, ''), count(*) FROM interactions
        WHERE direction = 'inbound' AND line IS NOT NULL GROUP BY 1, 2, 3;
    `,
  },
  {
    version: 18,
    name: 'what CRM cores keep',
    phase: 'expand',
    sql: `
      ALTER TABLE destinations ADD COLUMN wants text NOT NULL DEFAULT 'interaction';
      CREATE TABLE ledger (kind text NOT NULL, subject text COLLATE "C" NOT NULL, destination text NOT NULL, step text NOT NULL, state text NOT NULL,
        remote text, at bigint NOT NULL, PRIMARY KEY (kind, subject, destination, step));
      CREATE TABLE vault (owner text NOT NULL, name text NOT NULL, sealed text NOT NULL, PRIMARY KEY (owner, name));
    `,
  },
  {
    version: 19,
    name: 'reasons as codes',
    phase: 'expand',
    sql: `
      ALTER TABLE owed ADD COLUMN reason text;
      ALTER TABLE quarantine ADD COLUMN fault text;
    `,
  },
];

/** Puts the words of every name there is into their column, and then indexes them. */
async function fillWords(connection: Connection): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await connection.query<{ id: string; name: string }>(
      'SELECT id, name FROM clients WHERE id > $1 ORDER BY id LIMIT 5000',
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    await connection.query(
      `UPDATE clients SET words = array_to_tsvector(string_to_array(u.w, ' '))
       FROM unnest($1::text[], $2::text[]) AS u (id, w) WHERE clients.id = u.id`,
      [rows.map((row) => row.id), rows.map((row) => searchWords(row.name).join(' '))],
    );
    after = last.id;
  }
  await connection.query('CREATE INDEX clients_words ON clients USING gin (words)');
}

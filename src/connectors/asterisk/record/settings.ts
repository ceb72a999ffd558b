import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;

const table = Type.String({
  default: 'cdr',
  pattern: '^[A-Za-z0-9_]{1,63}(\\.[A-Za-z0-9_]{1,63})?$',
  description: 'Name of the table, with its schema if necessary.',
});

const cel = Type.Optional(
  Type.String({
    pattern: '^[A-Za-z0-9_]{1,63}(\\.[A-Za-z0-9_]{1,63})?$',
    description:
      'Name of a cel table beside it (channel event logging), which tells calls more exactly, with transfers.',
  }),
);

/** A user of a database server that may only read. */
const login = {
  host: Type.String({ minLength: 1, default: '127.0.0.1' }),
  username: Type.String({ minLength: 1, description: 'A user that may SELECT from the table, and nothing else.' }),
  password: Type.String({ minLength: 1 }),
  table,
  cel,
  tls: Type.Union(
    [
      Type.Boolean(),
      Type.Object(
        {
          ca: Type.Optional(Type.String({ description: 'Certificate authority of the server, as PEM.' })),
          rejectUnauthorized: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ],
    { default: false, description: 'Encrypts the connection. With an object, for a certificate of your own.' },
  ),
  timeout: Type.Integer({ minimum: 1, maximum: 60, default: 10, description: 'Limit of a query, in seconds.' }),
};

const MysqlSchema = Type.Object(
  {
    ...login,
    port: Type.Integer({ minimum: 1, maximum: 65535, default: 3306 }),
    socket: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of a Unix socket, instead of host and port.' }),
    ),
    database: Type.String({ minLength: 1, default: 'asteriskcdrdb' }),
  },
  { ...strict, description: "MySQL or MariaDB, such as FreePBX's asteriskcdrdb." },
);

const PostgresSchema = Type.Object(
  {
    ...login,
    port: Type.Integer({ minimum: 1, maximum: 65535, default: 5432 }),
    database: Type.String({ minLength: 1, default: 'asterisk' }),
  },
  { ...strict, description: 'PostgreSQL, written by cdr_pgsql or cdr_adaptive_odbc.' },
);

const SqliteSchema = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'Path of the master.db of cdr_sqlite3_custom on this machine.' }),
    table,
    cel,
  },
  { ...strict, description: 'SQLite, written by cdr_sqlite3_custom.' },
);

const MikoPbxSchema = Type.Object(
  {
    url: Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 500, description: 'Address of MikoPBX.' }),
    api: Type.Union([Type.Literal('get_data'), Type.Literal('v3')], {
      default: 'get_data',
      description:
        'get_data: /pbxcore/api/cdr/get_data of the module for 1C (MIKO AJAM). v3: the REST API of MikoPBX 2025 and later, which needs a token.',
    }),
    token: Type.Optional(
      Type.String({ minLength: 1, description: 'An API key of MikoPBX that may read call records.' }),
    ),
    ca: Type.Optional(
      Type.String({ minLength: 1, description: "PEM file that is trusted, for MikoPBX's own certificate." }),
    ),
    timeout: Type.Integer({ minimum: 1, maximum: 60, default: 10, description: 'Limit of a request, in seconds.' }),
  },
  { ...strict, description: "MikoPBX's own call record, over its REST API." },
);

const sources = ['csv', 'mysql', 'postgres', 'sqlite', 'mikopbx'] as const;

/** Where the PBX's call record lies: exactly one of its sources. */
export const RecordSchema = Type.Object(
  {
    csv: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of the Master.csv of cdr_csv on this machine.' }),
    ),
    mysql: Type.Optional(MysqlSchema),
    postgres: Type.Optional(PostgresSchema),
    sqlite: Type.Optional(SqliteSchema),
    mikopbx: Type.Optional(MikoPbxSchema),
    recordingColumn: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_]{1,63}$',
        description:
          "Column with the file name of the recording, such as userfield. By default FreePBX's recordingfile. MikoPBX has its own.",
      }),
    ),
    utc: Type.Boolean({
      default: false,
      description: 'Set to true if the PBX writes its record in UTC (usegmtime=yes).',
    }),
  },
  {
    ...strict,
    oneOf: sources.map((one) => ({ required: [one] })),
    description:
      "The PBX's call record, from which missed calls are recovered: one of csv, mysql, postgres, sqlite, mikopbx.",
  },
);

export type MysqlSettings = Static<typeof MysqlSchema>;
export type PostgresSettings = Static<typeof PostgresSchema>;
export type SqliteSettings = Static<typeof SqliteSchema>;
export type MikoPbxSettings = Static<typeof MikoPbxSchema>;

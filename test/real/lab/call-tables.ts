/** The table of FreePBX 15 to 17, with its columns and indexes, and two users: FreePBX's own, and one that may only read. */
export const freepbxDatabase = `
CREATE DATABASE asteriskcdrdb CHARACTER SET utf8mb4;
USE asteriskcdrdb;
CREATE TABLE cdr (
  calldate datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  clid varchar(80) NOT NULL DEFAULT '',
  src varchar(80) NOT NULL DEFAULT '',
  dst varchar(80) NOT NULL DEFAULT '',
  dcontext varchar(80) NOT NULL DEFAULT '',
  channel varchar(80) NOT NULL DEFAULT '',
  dstchannel varchar(80) NOT NULL DEFAULT '',
  lastapp varchar(80) NOT NULL DEFAULT '',
  lastdata varchar(80) NOT NULL DEFAULT '',
  duration int(11) NOT NULL DEFAULT 0,
  billsec int(11) NOT NULL DEFAULT 0,
  disposition varchar(45) NOT NULL DEFAULT '',
  amaflags int(11) NOT NULL DEFAULT 0,
  accountcode varchar(20) NOT NULL DEFAULT '',
  uniqueid varchar(32) NOT NULL DEFAULT '',
  userfield varchar(255) NOT NULL DEFAULT '',
  did varchar(50) NOT NULL DEFAULT '',
  recordingfile varchar(255) NOT NULL DEFAULT '',
  cnum varchar(80) NOT NULL DEFAULT '',
  cnam varchar(80) NOT NULL DEFAULT '',
  outbound_cnum varchar(80) NOT NULL DEFAULT '',
  outbound_cnam varchar(80) NOT NULL DEFAULT '',
  dst_cnam varchar(80) NOT NULL DEFAULT '',
  linkedid varchar(32) NOT NULL DEFAULT '',
  peeraccount varchar(80) NOT NULL DEFAULT '',
  sequence int(11) NOT NULL DEFAULT 0,
  KEY calldate (calldate), KEY dst (dst), KEY accountcode (accountcode), KEY uniqueid (uniqueid), KEY did (did)
);
CREATE USER freepbx@'%' IDENTIFIED BY 'write', patchbay@'%' IDENTIFIED BY 'read';
GRANT ALL ON asteriskcdrdb.* TO freepbx@'%';
GRANT SELECT ON asteriskcdrdb.cdr TO patchbay@'%';
`;

/** The table that Asterisk's documentation gives for cdr_pgsql, with the newer columns. */
export const postgresTables = `
CREATE TABLE cdr (
  calldate timestamp with time zone NOT NULL DEFAULT now(), clid varchar(80) NOT NULL DEFAULT '',
  src varchar(80) NOT NULL DEFAULT '', dst varchar(80) NOT NULL DEFAULT '', dcontext varchar(80) NOT NULL DEFAULT '',
  channel varchar(80) NOT NULL DEFAULT '', dstchannel varchar(80) NOT NULL DEFAULT '',
  lastapp varchar(80) NOT NULL DEFAULT '', lastdata varchar(80) NOT NULL DEFAULT '',
  duration bigint NOT NULL DEFAULT 0, billsec bigint NOT NULL DEFAULT 0, disposition varchar(45) NOT NULL DEFAULT '',
  amaflags bigint NOT NULL DEFAULT 0, accountcode varchar(20) NOT NULL DEFAULT '',
  uniqueid varchar(150) NOT NULL DEFAULT '', userfield varchar(255) NOT NULL DEFAULT '',
  linkedid varchar(150) NOT NULL DEFAULT '', sequence bigint NOT NULL DEFAULT 0
);
CREATE USER patchbay PASSWORD 'read';
GRANT SELECT ON cdr TO patchbay;
`;

const sqliteColumns = [
  ...['calldate', 'answer', 'end', 'clid', 'src', 'dst', 'dcontext', 'channel', 'dstchannel', 'lastapp', 'lastdata'],
  ...['duration', 'billsec', 'disposition', 'uniqueid', 'linkedid', 'sequence'],
];
const variableOf: Readonly<Record<string, string>> = { calldate: 'start' };

/** Files of /etc/asterisk that make a PBX write its record into MariaDB as FreePBX does, PostgreSQL and SQLite. */
export function recordBackends(mariadbPort: number, postgres: URL): Readonly<Record<string, string>> {
  const values = sqliteColumns.map((one) => `'\${CDR(${variableOf[one] ?? one})}'`).join(',');
  return {
    'odbcinst.ini': '[MariaDB]\nDriver=libmaodbc.so\n',
    'odbc.ini': `[freepbx]\nDriver=MariaDB\nSERVER=127.0.0.1\nPORT=${mariadbPort}\nDATABASE=asteriskcdrdb\nCHARSET=utf8mb4\n`,
    'res_odbc.conf':
      '[asteriskcdrdb]\nenabled=>yes\ndsn=>freepbx\npre-connect=>yes\nusername=>freepbx\npassword=>write\n',
    'cdr_adaptive_odbc.conf': '[asteriskcdrdb]\nconnection=asteriskcdrdb\ntable=cdr\nalias start => calldate\n',
    'cdr_pgsql.conf': `[global]\nhostname=127.0.0.1\nport=${postgres.port}\ndbname=${postgres.pathname.slice(1)}\nuser=postgres\npassword=none\ntable=cdr\n`,
    'cdr_sqlite3_custom.conf': `[master]\ntable=cdr\ncolumns=>${sqliteColumns.join(', ')}\nvalues=>${values}\n`,
  };
}

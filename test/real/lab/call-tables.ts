import { printedConfig } from './printed.ts';

/** The tables of FreePBX 15 to 17, with their columns and indexes, and two users: FreePBX's own, and one that may only read. */
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
CREATE TABLE cel (
  id int(11) NOT NULL AUTO_INCREMENT,
  eventtype varchar(30) NOT NULL, eventtime datetime NOT NULL,
  cid_name varchar(80) NOT NULL, cid_num varchar(80) NOT NULL, cid_ani varchar(80) NOT NULL,
  cid_rdnis varchar(80) NOT NULL, cid_dnid varchar(80) NOT NULL,
  exten varchar(80) NOT NULL, context varchar(80) NOT NULL, channame varchar(80) NOT NULL,
  appname varchar(80) NOT NULL, appdata varchar(255) NOT NULL, amaflags int(11) NOT NULL,
  accountcode varchar(20) NOT NULL, uniqueid varchar(32) NOT NULL, linkedid varchar(32) NOT NULL,
  peer varchar(80) NOT NULL, userdeftype varchar(255) NOT NULL, extra varchar(512) NOT NULL,
  PRIMARY KEY (id), KEY uniqueid_index (uniqueid), KEY linkedid_index (linkedid), KEY context_index (context)
);
CREATE USER freepbx@'%' IDENTIFIED BY 'write', patchbay@'%' IDENTIFIED BY 'read';
GRANT ALL ON asteriskcdrdb.* TO freepbx@'%';
GRANT SELECT ON asteriskcdrdb.cdr TO patchbay@'%';
GRANT SELECT ON asteriskcdrdb.cel TO patchbay@'%';
`;

/** The tables that Asterisk's documentation gives for cdr_pgsql and cel_pgsql, with the newer columns. */
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
CREATE TABLE cel (
  id serial, eventtype varchar(30) NOT NULL, eventtime timestamp NOT NULL, userdeftype varchar(255) NOT NULL DEFAULT '',
  cid_name varchar(80) NOT NULL, cid_num varchar(80) NOT NULL, cid_ani varchar(80) NOT NULL,
  cid_rdnis varchar(80) NOT NULL, cid_dnid varchar(80) NOT NULL, exten varchar(80) NOT NULL,
  context varchar(80) NOT NULL, channame varchar(80) NOT NULL, appname varchar(80) NOT NULL,
  appdata varchar(255) NOT NULL, amaflags int NOT NULL, accountcode varchar(20) NOT NULL,
  peeraccount varchar(20) NOT NULL DEFAULT '', uniqueid varchar(150) NOT NULL, linkedid varchar(150) NOT NULL,
  userfield varchar(255) NOT NULL DEFAULT '', peer varchar(80) NOT NULL, extra text NOT NULL DEFAULT ''
);
CREATE INDEX ON cel (linkedid);
CREATE INDEX ON cel (uniqueid);
CREATE USER patchbay PASSWORD 'read';
GRANT SELECT ON cdr, cel TO patchbay;
`;

const sqliteColumns = [
  ...['calldate', 'answer', 'end', 'clid', 'src', 'dst', 'dcontext', 'channel', 'dstchannel', 'lastapp', 'lastdata'],
  ...['duration', 'billsec', 'disposition', 'uniqueid', 'linkedid', 'sequence'],
];
/** Columns of the `cel` table in SQLite, and what they contain. */
const eventColumns: Readonly<Record<string, string>> = {
  ...{ eventtype: 'eventtype', eventtime: 'eventtime', cid_name: 'CALLERID(name)', cid_num: 'CALLERID(num)' },
  ...{ exten: 'CHANNEL(exten)', channame: 'CHANNEL(channame)', appname: 'CHANNEL(appname)' },
  ...{ appdata: 'CHANNEL(appdata)', uniqueid: 'CHANNEL(uniqueid)', linkedid: 'CHANNEL(linkedid)', extra: 'eventextra' },
};
const variableOf: Readonly<Record<string, string>> = { calldate: 'start' };

/** Files of /etc/asterisk that make a PBX write its record into MariaDB as FreePBX does, PostgreSQL and SQLite. */
export function recordBackends(mariadbPort: number, postgres: URL): Readonly<Record<string, string>> {
  const values = sqliteColumns.map((one) => `'\${CDR(${variableOf[one] ?? one})}'`).join(',');
  const events = Object.values(eventColumns).map((one) => `'\${${one}}'`);
  const pgsql = (table: string) =>
    `[global]\nhostname=127.0.0.1\nport=${postgres.port}\ndbname=${postgres.pathname.slice(1)}\nuser=postgres\npassword=none\ntable=${table}\n`;
  return {
    'cel.conf': celConf(),
    'cel_odbc.conf': '[asteriskcdrdb]\nconnection=asteriskcdrdb\ntable=cel\n',
    'cel_pgsql.conf': pgsql('cel'),
    'cel_sqlite3_custom.conf': `[master]\ntable=cel\ncolumns=>${Object.keys(eventColumns).join(', ')}\nvalues=>${events.join(',')}\n`,
    'odbcinst.ini': '[MariaDB]\nDriver=libmaodbc.so\n',
    'odbc.ini': `[freepbx]\nDriver=MariaDB\nSERVER=127.0.0.1\nPORT=${mariadbPort}\nDATABASE=asteriskcdrdb\nCHARSET=utf8mb4\n`,
    'res_odbc.conf':
      '[asteriskcdrdb]\nenabled=>yes\ndsn=>freepbx\npre-connect=>yes\nusername=>freepbx\npassword=>write\n',
    'cdr_adaptive_odbc.conf': '[asteriskcdrdb]\nconnection=asteriskcdrdb\ntable=cdr\nalias start => calldate\n',
    'cdr_pgsql.conf': pgsql('cdr'),
    'cdr_sqlite3_custom.conf': `[master]\ntable=cdr\ncolumns=>${sqliteColumns.join(', ')}\nvalues=>${values}\n`,
  };
}

/** What `pbx-config` offers for channel events, without the marks of a comment. */
function celConf(): string {
  const lines = (printedConfig(1)['cel.conf'] ?? '').split('\n');
  return `${lines
    .filter((line) => /^;(\[|[a-z]+=)/.test(line))
    .map((line) => line.slice(1))
    .join('\n')}\n`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
/** Calls that start a request or an outgoing connection. */
const calls =
  /(?<![\w.#])(?:fetch\(|request\(url|https?\.(?:get|request)\(|net\.connect\(|tls\.connect\(|(?:connect|connectTcp|connectTls)\()|\(secure \? https : http\)\.request\(|(?<!function )createConnection\(\{|new (?:pg\.Client|S3Client|ImapFlow|SMTPConnection|Redis|Client|Pool|Agent|ProxyAgent|ProxyPool)\(/;

/** Every place that connects to the outside, and why it may. `named`: if outsiders supply the address, HttpClient connects to public addresses only. */
const judged: Readonly<Record<string, string>> = {
  'cli/demo/agi-side.ts': 'configured: the demo asks our own FastAGI',
  'cli/demo/visitors.ts': 'configured: the demo fills in our own forms',
  'cli/doctor/agi-port.ts': 'configured: our own FastAGI port',
  'connectors/asterisk/ami/client.ts': 'configured: ami.host',
  'connectors/asterisk/record/mysql.ts': 'configured: cdr.mysql.host',
  'connectors/asterisk/record/postgres.ts': 'configured: cdr.postgres.host',
  'connectors/asterisk/recordings/sftp-session.ts': 'configured: recordings.sftp.host',
  'forms/reading/captcha.ts': 'by HttpClient: configured, the captcha service',
  'connectors/mail/imap/credentials.ts': 'by HttpClient: configured, oauth.tokenUrl',
  'connectors/mail/imap/session.ts': 'configured: imap.host',
  'connectors/mail/smtp/session.ts': 'configured: smtp.host',
  'connectors/max/send.ts': 'named by MAX for uploads: by HttpClient, guarded',
  'connectors/telegram/agent.ts': "configured: telegraf's way to the Bot API, or the proxy",
  'connectors/vats/api.ts': 'by HttpClient: configured, api.url',
  'crm/itoolabs/api.ts': 'by HttpClient: configured, the destination',
  'crm/onec/api/client.ts': 'by HttpClient: configured, the destination',
  'crm/onec/extension/client.ts': 'by HttpClient: configured, the extension in the destination',
  'crm/webhook/core.ts': 'by HttpClient: configured, the destination',
  'delivery/redis/connection.ts': 'configured: queue.url',
  'runtime/http/client.ts': 'configured roots; named by others: guarded at each redirect',
  'runtime/http/dispatchers.ts': 'the proxy that is configured; else where the client sends',
  'runtime/http/json.ts': 'by HttpClient: configured, or named and guarded',
  'store/blobs/s3-blobs.ts': 'configured: blobs.url',
  'store/postgres/connect.ts': 'configured: store.url',
  'store/postgres/follower.ts': 'configured: store.url',
  'store/postgres/session.ts': 'configured: store.url',
};

it('lists every place that connects to the outside', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const found = files.filter((name) => readFileSync(join(src, name), 'utf8').search(calls) !== -1);
  expect(found.toSorted()).toEqual(Object.keys(judged).toSorted());
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '../../src/connectors/registry.ts';
import { isHookReceiver } from '../../src/domain/ports/hooks.ts';
import { fields, parseJson } from '../../src/runtime/http/fields.ts';
import { connectorContext, type RecordingContext } from '../support/connector-context.ts';
import { type Office, openOffice } from '../support/office.ts';
import { seededRandom } from '../support/random.ts';
import { rubbish } from '../support/rubbish.ts';
import {
  createWebhookConnector,
  encoded,
  type WebhookConnection,
  webhookConnections,
} from '../support/webhook-connections.ts';

const kinds = Object.keys(webhookConnections);
const gigabyte = 1024 ** 3;

describe('webhook endpoints', () => {
  let office: Office;
  let metrics: Registry;
  let contexts: Record<string, RecordingContext>;

  beforeEach(async () => {
    contexts = Object.fromEntries(kinds.map((kind) => [kind, connectorContext(kind)]));
    const receivers = Object.fromEntries(
      Object.entries(contexts).map(([kind, context]) => [kind, createWebhookConnector(kind, context)]),
    );
    metrics = new Registry();
    office = await openOffice({
      metrics,
      hookReceiver: (name) => {
        const found = receivers[name];
        return found !== undefined && isHookReceiver(found) ? found : null;
      },
    });
  });

  afterEach(() => office.close());

  const bring = (kind: string, body: Buffer, headers: Record<string, unknown>, method = 'POST', query = '') =>
    fetch(`${office.url}/api/v1/hooks/${kind}${query}`, {
      method,
      headers: headers as Record<string, string>,
      ...(method === 'POST' && { body: new Uint8Array(body) }),
    });
  const counted = async (kind: string, outcome: string) => {
    const text = await metrics.metrics();
    const line = new RegExp(
      `^patchbay_hook_requests_total\\{connection="${kind}",outcome="${outcome}"\\} (\\d+)$`,
      'm',
    );
    return Number(line.exec(text)?.[1] ?? 0);
  };

  it('are covered here for every kind of connector that has one', () => {
    const able = Object.entries(connectors).filter(([kind]) => {
      if (webhookConnections[kind] === undefined) return false;
      return isHookReceiver(createWebhookConnector(kind, connectorContext(kind)));
    });
    expect(able.map(([kind]) => kind).sort()).toEqual([...kinds].sort());
    expect(Object.keys(connectors).filter((kind) => !kinds.includes(kind))).toEqual(['asterisk', 'mail']);
  });

  it.each(kinds)('%s: accept signed requests, and store nothing of others except a counter', async (kind) => {
    const connection = webhookConnections[kind] as WebhookConnection;
    const { genuine, sign, query } = connection;
    const body = encoded(connection, genuine);
    const forged = encoded(connection, { ...genuine, secret: 'wrong', crm_token: 'wrong' });
    for (let n = 0; n < 20; n += 1)
      expect((await bring(kind, forged, { 'x-hub-signature-256': 'sha256=0' })).status).toBeLessThan(500);
    expect((await bring(kind, body, {}, 'GET')).status).toBeLessThan(500);
    expect(contexts[kind]?.events).toEqual([]);
    expect(await office.store.read.interactions({ limit: 1, cursor: null })).toMatchObject({ items: [] });
    expect(await counted(kind, 'refused')).toBe(21);
    expect(await counted(kind, 'taken')).toBe(0);
    expect((await bring(kind, body, sign(body, kind), 'POST', query?.(kind))).status).toBe(200);
    expect(contexts[kind]?.events.length).toBeGreaterThan(0);
    expect(await counted(kind, 'taken')).toBe(1);
  });

  it('count requests for unknown connections without creating a label for each', async () => {
    expect((await bring('nobody', Buffer.from('{}'), {})).status).toBe(404);
    expect(await counted('-', 'refused')).toBe(1);
  });

  it.each(kinds)('%s: survive fuzzed requests, signed and unsigned', async (kind) => {
    const connection = webhookConnections[kind] as WebhookConnection;
    const { genuine, sign, query } = connection;
    const own = Object.fromEntries(new URLSearchParams(query?.(kind)));
    const context = contexts[kind] as RecordingContext;
    const receiver = createWebhookConnector(kind, context);
    if (!isHookReceiver(receiver)) throw new Error('expected a receiver');
    const random = seededRandom(11);
    const names = [
      'x-hub-signature-256',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
      'x-max-bot-api-secret',
    ];
    for (let n = 0; n < 1000; n += 1) {
      const twisted = rubbish(Buffer.from(JSON.stringify(genuine)), random);
      const body = connection.encode === undefined ? twisted : encoded(connection, fields(parseJson(String(twisted))));
      const odd = Object.fromEntries(names.map((name) => [name, ['', 'v1,', '9'.repeat(30), '\u00ff'][n % 4]]));
      const { status } = await receiver.receive({
        method: ['POST', 'POST', 'POST', 'GET', 'PUT'][n % 5] ?? 'POST',
        query: n % 7 === 0 ? { 'hub.mode': 'subscribe', 'hub.challenge': '\r\n' } : own,
        headers: n % 3 === 0 ? odd : sign(body, kind),
        body,
      });
      expect(status).toBeLessThan(500);
    }
    for (const event of context.events) expect(JSON.stringify(event).length).toBeLessThan(10_000);
  });

  it.each([
    ['announced', `content-length: ${gigabyte}`],
    ['unannounced', 'transfer-encoding: chunked'],
  ])('refuse a gigabyte that is %s, without buffering it or reading on', async (_, length) => {
    const before = process.memoryUsage().rss;
    for (const kind of kinds) {
      const { sent, answer } = await pour(new URL(office.url), `/api/v1/hooks/${kind}`, length);
      // The response may be lost if the server closes the connection while data is still arriving.
      expect(answer).toMatch(/^(HTTP\/1\.1 413 |$)/);
      expect(sent).toBeLessThan(64 * 1024 * 1024);
      expect(contexts[kind]?.events).toEqual([]);
      expect(await counted(kind, 'too_large')).toBeGreaterThan(0);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });
});

/** Sends a gigabyte as fast as possible until the server closes the connection; returns the bytes sent and the response. */
async function pour(url: URL, path: string, length: string) {
  const socket = connect(Number(url.port), url.hostname);
  let answer = '';
  let closed = false;
  let sent = 0;
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.on('error', () => undefined);
  const end = new Promise<void>((resolve) => {
    socket.once('close', () => {
      closed = true;
      resolve();
    });
  });
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${length}\r\n\r\n`);
  const megabyte = Buffer.alloc(1024 * 1024, 32);
  const piece = length.startsWith('t')
    ? Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')])
    : megabyte;
  while (!closed && sent < gigabyte) {
    sent += megabyte.length;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), end]);
  }
  socket.destroy();
  await end;
  return { sent, answer };
}

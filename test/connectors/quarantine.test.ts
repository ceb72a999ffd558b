import type { ImapFlow } from 'imapflow';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { mail } from '../../src/connectors/mail/connector.ts';
import { FolderReader } from '../../src/connectors/mail/imap/folder-reader.ts';
import { type MailConfig, MailSchema } from '../../src/connectors/mail/schema.ts';
import { LongPoll } from '../../src/connectors/shared/long-poll.ts';
import { MessengerConnection } from '../../src/connectors/shared/messenger.ts';
import type { RawSource } from '../../src/domain/interaction/quarantine.ts';
import type { HookAnswer, HookRequest } from '../../src/domain/ports/hooks.ts';
import { connectorContext, type RecordingContext } from '../support/connector-context.ts';

const fault = new TypeError("Cannot read properties of undefined (reading 'x')");
const trouble = new Error('the store is away');

/** A messenger whose reading of `spoilt` fails by a defect of ours. */
class Chat extends MessengerConnection {
  readonly taken: string[] = [];
  failure: Error = fault;

  constructor(context: RecordingContext) {
    super('Chat', { apiUrl: 'http://127.0.0.1', timeout: 1000 } as never, context);
  }

  receive({ body }: HookRequest): Promise<HookAnswer> {
    return this.takeHook(body);
  }

  send = () => Promise.reject(new Error('not here'));

  protected override async takeIn(body: Buffer): Promise<void> {
    if (String(body) === 'spoilt') throw this.failure;
    this.taken.push(String(body));
  }

  poll(update: string): Promise<void> {
    return this.takeIn(Buffer.from(update)).catch((error: unknown) => this.quarantineFault(Buffer.from(update), error));
  }

  protected override check = async () => null;
}

const hook = (text: string): HookRequest => ({ method: 'POST', query: {}, headers: {}, body: Buffer.from(text) });
const away = { quarantine: () => Promise.reject(trouble) };

describe('a webhook request that a defect of ours makes unreadable', () => {
  it('is quarantined and acknowledged', async () => {
    const context = connectorContext('chat');
    expect(await new Chat(context).receive(hook('spoilt'))).toMatchObject({ status: 200 });
    expect(context.quarantined.map(({ bytes }) => String(bytes))).toEqual(['spoilt']);
  });

  it('is requested again if it cannot be quarantined or the trouble is temporary', async () => {
    expect(await new Chat(connectorContext('chat', away)).receive(hook('spoilt'))).toMatchObject({ status: 503 });
    const context = connectorContext('chat');
    const chat = new Chat(context);
    chat.failure = trouble;
    expect(await chat.receive(hook('spoilt'))).toMatchObject({ status: 503 });
    expect(context.quarantined).toEqual([]);
  });

  it('is read again from quarantine', async () => {
    const chat = new Chat(connectorContext('chat'));
    await chat.replay({ facts: {}, bytes: Buffer.from('mended') });
    expect(chat.taken).toEqual(['mended']);
  });
});

describe('polling', () => {
  async function polled(context: RecordingContext, until: () => boolean): Promise<Chat> {
    const chat = new Chat(context);
    const poll = new LongPoll(context, {
      open: async () => undefined,
      poll: async (cursor, signal) => {
        if (cursor === '3') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        return { updates: cursor === '3' ? [] : ['a', 'spoilt', 'b'], next: '3' };
      },
      take: (update) => chat.poll(String(update)),
    });
    poll.start();
    await expect.poll(until).toBe(true);
    const stopping = poll.stop();
    await stopping;
    return chat;
  }

  it('continues after a quarantined update', async () => {
    const context = connectorContext('chat');
    const chat = await polled(context, () => context.cursors.get('updates') === '3');
    expect(chat.taken).toEqual(['a', 'b']);
    expect(context.quarantined).toHaveLength(1);
  });

  it('stops before an update that cannot be quarantined', async () => {
    const context = connectorContext('chat', away);
    await polled(context, () => context.states.some((state) => state.startsWith('degraded')));
    expect(context.cursors.has('updates')).toBe(false);
  });
});

describe('a letter that a defect of ours makes unreadable', () => {
  const raw = Buffer.from(
    'From: <ivan@example.com>\r\nTo: <sales@our.example>\r\nSubject: Pumps\r\nContent-Type: application/pdf; name="a.pdf"\r\n\r\nx',
  );
  const config = Value.Default(MailSchema, {
    kind: 'mail',
    address: 'sales@our.example',
    password: 'x',
    imap: { host: 'h' },
    since: '2020-01-01',
  }) as MailConfig;

  /** A folder with two letters. */
  function folder(): ImapFlow {
    const messages = [
      { uid: 1, size: raw.length, source: raw, internalDate: new Date() },
      { uid: 2, size: 30, source: Buffer.from('Subject: Second\r\n\r\nHello'), internalDate: new Date() },
    ];
    const fake = {
      mailbox: { uidValidity: 7n, uidNext: 3 },
      search: async () => [1, 2],
      async *fetch(range: string) {
        yield* messages.filter(({ uid }) => range.includes(String(uid)) || range === '1:2');
      },
    };
    return fake as unknown as ImapFlow;
  }

  async function read(context: RecordingContext): Promise<void> {
    const wish = { name: 'INBOX', role: 'inbox' } as never;
    const signal = new AbortController().signal;
    await new FolderReader({ config, context, wish, signal, onProgress: () => undefined }).read(folder());
  }

  const spoiltFiles = { size: () => Promise.reject(fault), put: () => Promise.reject(fault) } as never;

  it('is quarantined with its bytes, the other letters are taken, and the cursor moves on', async () => {
    const context = connectorContext('mail', { blobs: spoiltFiles });
    await read(context);
    expect(context.quarantined).toMatchObject([{ facts: { role: 'inbox' } }]);
    expect(context.quarantined[0]?.bytes).toEqual(raw);
    expect(context.events).toHaveLength(1);
    expect(context.cursors.get('INBOX')).toMatch(/^7:2:/);
  });

  it('stops the cursor if it cannot be quarantined', async () => {
    const context = connectorContext('mail', { blobs: spoiltFiles, ...away });
    await expect(read(context)).rejects.toThrow('the store is away');
    expect(context.cursors.get('INBOX')).toMatch(/^7:0:/);
  });

  it('passes its bytes along with its events, and can be read from them again', async () => {
    const given: (RawSource | undefined)[] = [];
    const emit: RecordingContext['emit'] = async (_event, source) => void given.push(source);
    await read(connectorContext('mail', { emit }));
    expect(given.map((source) => source?.facts.role)).toEqual(['inbox', 'inbox']);

    const context = connectorContext('mail');
    const connection = mail.create(config, context) as unknown as { replay(source: RawSource): Promise<void> };
    await connection.replay(given[0] as RawSource);
    expect(context.events).toMatchObject([{ kind: 'written', subject: 'Pumps', attachments: [{ name: 'a.pdf' }] }]);
  });
});

import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectorContext } from '../../../../src/connectors/contract.ts';
import { MailCredentials } from '../../../../src/connectors/mail/imap/credentials.ts';
import type { MailConfig } from '../../../../src/connectors/mail/schema.ts';
import { MailSender, type SenderParts } from '../../../../src/connectors/mail/smtp/sender.ts';
import type { BlobId } from '../../../../src/domain/ports/blobs.ts';
import { reasonText } from '../../../../src/domain/reasons/reasons.ts';
import { manager } from '../../../support/calls.ts';
import { connectorContext } from '../../../support/connector-context.ts';
import { ScriptedSmtp } from '../../../support/smtp-server.ts';
import { mailSettings } from '../support.ts';
import { outbound } from './support.ts';

/** Sends through a scripted SMTP server. The IMAP port is closed; whether the server keeps a copy is tested with a real Dovecot. */
describe('sending a letter by SMTP', () => {
  let smtp = new ScriptedSmtp();
  const troubles: (string | null)[] = [];

  afterEach(async () => {
    await smtp.close();
    smtp = new ScriptedSmtp();
    troubles.length = 0;
  });

  async function sender(
    change: Partial<MailConfig> = {},
    smtpChange: object = {},
    context: Partial<ConnectorContext> = {},
  ): Promise<{ send: MailSender['send'] }> {
    const port = await smtp.listen();
    const config = mailSettings(
      { smtp: { host: '127.0.0.1', port, tls: false, login: true, copy: 'server', ...smtpChange }, ...change },
      { port: 1, tls: false },
    );
    const staff = { managers: [manager('a', '101')], lines: [] };
    const ownContext = connectorContext('sales', { staff: () => staff, ...context });
    return inWords(new MailSender(config, ownContext, parts(config)));
  }

  /** A sender whose outcomes also have their reasons in English. */
  const inWords = (sent: MailSender) => ({
    send: async (...given: Parameters<MailSender['send']>) => {
      const outcome = await sent.send(...given);
      return 'reason' in outcome ? { ...outcome, error: reasonText(outcome.reason) } : outcome;
    },
  });

  const parts = (config: MailConfig): SenderParts => ({
    reading: new MailCredentials(config),
    onTrouble: (reason) => void troubles.push(reason === null ? null : reasonText(reason)),
  });

  const stop = new AbortController().signal;

  it('submits the letter once, with its envelope, and returns its keys', async () => {
    const letter = outbound();
    const outcome = await (await sender()).send(letter, stop);

    expect(outcome).toEqual({
      kind: 'sent',
      keys: [`mail:patchbay.${letter.id}@our.example`],
      handle: {
        messageId: `patchbay.${letter.id}@our.example`,
        references: `patchbay.${letter.id}@our.example`,
        subject: 'Насосы',
        to: 'ivan@client.example',
      },
      state: 'sent',
    });
    expect(smtp.taken).toMatchObject([{ from: 'sales@our.example', to: ['ivan@client.example'] }]);
    expect(smtp.logins).toMatchObject([{ username: 'sales@our.example', password: 'secret' }]);
    expect(troubles).toEqual([null]);
  });

  it('delivers to everybody who gets a copy, and shows only the visible ones', async () => {
    const copies = { cc: ['buh@client.example', 'юрист@почта.рф'], bcc: ['boss@our.example'] };
    expect(await (await sender()).send(outbound(copies), stop)).toMatchObject({ kind: 'sent' });
    const [taken] = smtp.taken;
    expect(taken?.to).toEqual(['ivan@client.example', 'buh@client.example', 'юрист@почта.рф', 'boss@our.example']);
    expect(taken?.raw.toString()).toContain('buh@client.example');
    expect(taken?.raw.toString()).not.toContain('boss@our.example');
  });

  it('says which copies were refused, without sending the letter again', async () => {
    smtp.script.refuse = ['gone@client.example'];
    const outcome = await (await sender()).send(outbound({ cc: ['gone@client.example'] }), stop);
    expect(outcome).toMatchObject({
      kind: 'sent',
      problem: { code: 'copiesRefused', values: { addresses: 'gone@client.example' } },
    });
    expect(smtp.taken).toMatchObject([{ to: ['ivan@client.example'] }]);
  });

  it('logs in with a token if the mailbox has one', async () => {
    smtp = new ScriptedSmtp({ authMethods: ['PLAIN', 'XOAUTH2'] });
    const mailbox = await sender({ oauth: { command: ['echo', 'token'] } });
    expect(await mailbox.send(outbound(), stop)).toMatchObject({ kind: 'sent' });
    expect(smtp.logins).toMatchObject([{ method: 'XOAUTH2', accessToken: 'token' }]);
  });

  it('tries a rejected token once, and reports the server’s response', async () => {
    smtp = new ScriptedSmtp({ authMethods: ['XOAUTH2'] });
    const outcome = await (await sender({ oauth: { command: ['echo', 'ended'] } })).send(outbound(), stop);
    const error = 'the mail server for outgoing letters refuses the token of sales@our.example';
    expect(outcome).toMatchObject({ kind: 'retry', after: 300_000, error: expect.stringContaining(error) });
    expect(outcome).toMatchObject({ error: expect.stringContaining('535') });
    expect(smtp.logins).toHaveLength(1);
  });

  it('does not blame the password, and retries soon, if the server temporarily cannot verify it', async () => {
    smtp = new ScriptedSmtp({
      onAuth: (_auth, _session, done) => done(Object.assign(new Error('4.7.0 later'), { responseCode: 454 })),
    });
    expect(await (await sender()).send(outbound(), stop)).toMatchObject({
      kind: 'retry',
      after: null,
      error: expect.stringContaining('the mail server asks to try later: 454'),
    });
  });

  it('supports TLS', async () => {
    smtp = new ScriptedSmtp({ secure: true });
    const mailbox = await sender({}, { tls: { rejectUnauthorized: false } });
    expect(await mailbox.send(outbound(), stop)).toMatchObject({ kind: 'sent' });
  });

  it('sends no credentials to a server whose certificate is not trusted', async () => {
    smtp = new ScriptedSmtp({ disabledCommands: [] });
    const trusting = await sender({}, { tls: 'starttls' });
    expect(await trusting.send(outbound(), stop)).toMatchObject({
      kind: 'retry',
      error: expect.stringMatching(/^no secure connection/),
    });
    expect(smtp.logins).toEqual([]);
  });

  it('never falls back to plain text if TLS is required', async () => {
    const outcome = await (await sender({}, { tls: 'starttls' })).send(outbound(), stop);
    expect(outcome).toMatchObject({ kind: 'retry', error: expect.stringMatching(/^no secure connection/) });
    expect(smtp.logins).toEqual([]);
  });

  it.each([
    ['rcpt', '550 5.1.1 no such user here', '5.1.1'],
    ['rcpt', '550 no such user', '5.0.0'],
    ['rcpt', '552 5.2.2 mailbox full', null],
    ['rcpt', '554 5.7.1 relay denied', null],
    ['mail', '553 5.1.0 address rejected', null],
    ['data', '554 5.7.1 looks like spam', null],
  ] as const)('reports for %s %j whether the address is dead', async (step, answer, status) => {
    smtp.script[step] = answer;
    const outcome = await (await sender()).send(outbound(), stop);
    const dead = { email: 'ivan@client.example', status, why: answer };
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect('undeliverable' in outcome ? outcome.undeliverable : null).toEqual(status === null ? null : dead);
  });

  it.each([
    ['rcpt', '550 5.1.1 no such user here', 'failed', 'there is no mailbox ivan@client.example'],
    ['rcpt', '550 no such user', 'failed', 'there is no mailbox ivan@client.example'],
    ['rcpt', '552 5.2.2 mailbox full', 'failed', 'the mailbox ivan@client.example is full'],
    ['rcpt', '452 4.2.2 over quota', 'retry', 'the mailbox ivan@client.example is full'],
    ['rcpt', '554 5.7.1 relay denied', 'failed', 'the mail server does not accept letters for ivan@client.example'],
    ['rcpt', '450 4.7.1 greylisted', 'retry', 'the mail server asks to try later'],
    [
      'mail',
      '553 5.7.1 not your address',
      'failed',
      'the mail server does not allow sales@our.example to send letters',
    ],
    ['mail', '421 4.3.2 shutting down', 'retry', 'the mail server asks to try later'],
    ['mail', '530 5.7.0 authenticate first', 'retry', 'the mail server for outgoing letters refuses the login'],
    ['data', '552 5.3.4 too big', 'failed', 'the letter is too large for the mail server'],
    ['data', '554 5.7.1 looks like spam', 'failed', 'the mail server refuses the letter'],
    ['data', '451 4.3.0 disk full', 'retry', 'the mail server asks to try later'],
  ] as const)('treats %s %j as %s', async (step, answer, kind, words) => {
    smtp.script[step] = answer;
    const outcome = await (await sender()).send(outbound(), stop);
    expect(outcome).toMatchObject({ kind, error: expect.stringContaining(words) });
    expect(smtp.taken).toEqual([]);
  });

  it('waits after a rejected login, and reports it as the connection’s state', async () => {
    const outcome = await (await sender({ password: 'guess-not' })).send(outbound(), stop);
    expect(outcome).toMatchObject({
      kind: 'retry',
      after: 300_000,
      error: expect.stringContaining('sales@our.example'),
    });
    expect(outcome).toMatchObject({ error: expect.not.stringContaining('guess-not') });
    expect(troubles).toEqual([expect.stringContaining('refuses the login')]);
  });

  it('retries if the server is unavailable', async () => {
    const mailbox = await sender();
    await smtp.close();
    expect(await mailbox.send(outbound(), stop)).toMatchObject({
      kind: 'retry',
      error: expect.stringContaining('cannot be reached'),
    });
  });

  it('retries if the connection breaks during transmission, because the server cannot have accepted the letter', async () => {
    smtp.script.cut = 'during';
    const blobs = { size: async () => 1, open: async () => Readable.from([Buffer.alloc(20_000_000)]) } as never;
    const attachments = [{ blob: 'f'.repeat(64) as BlobId, name: 'a', mime: 'image/png', bytes: 20_000_000 }];
    const outcome = await (await sender({}, {}, { blobs })).send(outbound({ attachments }), stop);
    expect(outcome).toMatchObject({ kind: 'retry' });
  });

  it('is uncertain if the connection breaks before the response to the whole letter', async () => {
    smtp.script.cut = 'after';
    const outcome = await (await sender()).send(outbound(), stop);
    expect(outcome).toMatchObject({
      kind: 'uncertain',
      error: expect.stringContaining('before the mail server confirmed'),
    });
    expect(smtp.taken).toHaveLength(1);
  });

  it('aborts without the end of the letter if a file cannot be read completely', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(100_000);
        throw new Error('disk');
      })(),
    );
    const blobs = { size: async () => 200_000, open: async () => broken } as never;
    const attachments = [{ blob: 'f'.repeat(64) as BlobId, name: 'a', mime: 'text/plain', bytes: 200_000 }];
    const mailbox = await sender({}, {}, { blobs });
    expect(await mailbox.send(outbound({ attachments }), stop)).toMatchObject({ kind: 'retry' });
    expect(smtp.taken).toEqual([]);
  });

  it('refuses letters that cannot be sent, with a reason', async () => {
    const mailbox = await sender();
    const attachments = [{ blob: 'f'.repeat(64) as BlobId, name: 'a.pdf', mime: 'text/plain', bytes: 10 }];
    const to = { email: null, phone: '+79161234567', account: null, name: null };
    expect(await mailbox.send(outbound({ attachments }), stop)).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('a.pdf'),
    });
    expect(await mailbox.send(outbound({ to }), stop)).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('no e-mail address'),
    });
    const config = mailSettings({ smtp: false });
    const reading = inWords(new MailSender(config, connectorContext('sales'), parts(config)));
    expect(await reading.send(outbound(), stop)).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('does not send'),
    });
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OfficeParts, SendingOffice } from './mail/sending-office.ts';
import { TokenService } from './mail/token-service.ts';

/** The built gateway submits letters to a real Dovecot, which accepts only tokens and relays to a real Exim. */
describe('outgoing letters with OAuth2', () => {
  const office = new SendingOffice();
  const tokens = new TokenService('cloud');

  const mailboxes: NonNullable<OfficeParts['mailboxes']> = ({ submissionPort }) => {
    const oauth = { tokenUrl: `${tokens.url}/token`, clientId: 'app', refreshToken: tokens.refreshToken };
    const smtp = { host: '127.0.0.1', port: submissionPort, tls: false };
    return { cloud: { password: undefined, oauth, smtp } };
  };

  beforeAll(async () => {
    await tokens.open();
    await office.open({ mailboxes, introspection: tokens.introspection });
  });
  afterEach(() => tokens.consent());
  afterAll(async () => {
    await office.close();
    await tokens.close();
  });

  const write = (subject: string) =>
    office.write({ connection: 'cloud', to: 'ivan@client.example', subject, text: 'x' });

  /** Waits until the connection reports a reason that matches, or none. */
  const expectReason = (words: RegExp | null) =>
    vi.waitFor(
      async () => {
        const all = await office.list<{ connection: string; reason: string | null }>('/connections');
        const reason = all.find(({ connection }) => connection === 'cloud')?.reason ?? null;
        if (words === null) expect(reason).toBeNull();
        else expect(reason).toMatch(words);
      },
      { timeout: 20_000 },
    );

  /** Each arrived once, is in Sent once, and on one card. */
  async function expectSentOnce(subject: string): Promise<void> {
    await office.inFolder('ivan', subject);
    await office.inFolder('cloud', subject, 1, 'Sent');
    await office.letters(subject, 1);
  }

  it('are sent with the token already fetched for reading the mailbox', async () => {
    const { id } = await write('By a token');
    await office.becomes(id, { state: 'sent', problem: null });
    await expectSentOnce('By a token');
    expect(tokens.issued).toHaveLength(1);
  });

  it('are sent once with a new token if the old one expired early, without reporting a problem', async () => {
    const before = tokens.issued.length;
    tokens.expire();
    const { id } = await write('Ended early');
    await office.becomes(id, { state: 'sent', problem: null });
    await expectSentOnce('Ended early');
    expect(tokens.issued).toHaveLength(before + 1);
    await expectReason(null);
  });

  it('wait with a stated reason when the consent is revoked, and are sent once when it is given again', async () => {
    tokens.revoke();
    const { id } = await write('Taken back');
    const words = /no access token for outgoing letters: .*is the refresh token still valid/;
    await office.becomes(id, { state: 'queued', problem: expect.stringMatching(words) as never });
    await expectReason(words);
    await office.inFolder('ivan', 'Taken back', 0);
    tokens.consent();
    await office.becomes(id, { state: 'sent', problem: null });
    await expectSentOnce('Taken back');
    await expectReason(null);
  });

  it('wait with a stated reason while the server cannot verify tokens, and the token is kept', async () => {
    const before = tokens.issued.length;
    tokens.judging = 'not';
    const { id } = await write('Not asked');
    await office.becomes(id, { state: 'queued', problem: expect.stringContaining('asks to try later') as never });
    tokens.consent();
    await office.becomes(id, { state: 'sent', problem: null });
    await expectSentOnce('Not asked');
    expect(tokens.issued).toHaveLength(before);
  });

  it('wait with a reason that names the token if it may read the mailbox but not send', async () => {
    const before = tokens.issued.length;
    tokens.judging = 'refusing';
    const { id } = await write('Not ours');
    await office.becomes(id, { state: 'queued', problem: expect.stringContaining('token') as never });
    // One new token was tried and no more: the server is left alone for a while.
    expect(tokens.issued).toHaveLength(before + 1);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OfficeParts, SendingOffice } from './mail/sending-office.ts';
import { TokenService } from './mail/token-service.ts';

/** Letters of the built gateway into the submission of a real Dovecot, which takes them for tokens only and hands them to a real Exim. */
describe('letters of ours by OAuth2', () => {
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

  /** What is said of the connection. */
  const told = (words: RegExp | null) =>
    vi.waitFor(
      async () => {
        const all = await office.list<{ connection: string; reason: string | null }>('/connections');
        const reason = all.find(({ connection }) => connection === 'cloud')?.reason ?? null;
        if (words === null) expect(reason).toBeNull();
        else expect(reason).toMatch(words);
      },
      { timeout: 20_000 },
    );

  /** Each arrived once, lies in Sent once, and stands on one card. */
  async function once(subject: string): Promise<void> {
    await office.lying('ivan', subject);
    await office.lying('cloud', subject, 1, 'Sent');
    await office.letters(subject, 1);
  }

  it('leave by a token, which the reading of the mailbox has fetched', async () => {
    const { id } = await write('By a token');
    await office.becomes(id, { state: 'sent', problem: null });
    await once('By a token');
    expect(tokens.issued).toHaveLength(1);
  });

  it('leave once by a new token where the old one ended early, and nobody is told of trouble', async () => {
    const before = tokens.issued.length;
    tokens.expire();
    const { id } = await write('Ended early');
    await office.becomes(id, { state: 'sent', problem: null });
    await once('Ended early');
    expect(tokens.issued).toHaveLength(before + 1);
    await told(null);
  });

  it('wait in words when the consent is taken back, and leave once when it is given again', async () => {
    tokens.revoke();
    const { id } = await write('Taken back');
    const words = /no access token for outgoing letters: .*is the refresh token still valid/;
    await office.becomes(id, { state: 'queued', problem: expect.stringMatching(words) as never });
    await told(words);
    await office.lying('ivan', 'Taken back', 0);
    tokens.consent();
    await office.becomes(id, { state: 'sent', problem: null });
    await once('Taken back');
    await told(null);
  });

  it('wait in words while the server can not ask about tokens, which are kept', async () => {
    const before = tokens.issued.length;
    tokens.judging = 'not';
    const { id } = await write('Not asked');
    await office.becomes(id, { state: 'queued', problem: expect.stringContaining('asks to try later') as never });
    tokens.consent();
    await office.becomes(id, { state: 'sent', problem: null });
    await once('Not asked');
    expect(tokens.issued).toHaveLength(before);
  });

  it('wait in words that name the token where it opens the mailbox but may not send', async () => {
    const before = tokens.issued.length;
    tokens.judging = 'refusing';
    const { id } = await write('Not ours');
    await office.becomes(id, { state: 'queued', problem: expect.stringContaining('token') as never });
    // One new token was tried, and no more: the server is left alone for a while.
    expect(tokens.issued).toHaveLength(before + 1);
  });
});

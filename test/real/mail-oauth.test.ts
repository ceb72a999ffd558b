import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MailConfig } from '../../src/connectors/mail/schema.ts';
import { mailSettings, raw } from '../connectors/mail/support.ts';
import { Dovecot } from './mail/dovecot.ts';
import { MailOffice } from './mail/office.ts';
import { TokenService } from './mail/token-service.ts';

/** A mailbox that a real Dovecot opens for tokens only, which it has a scripted OAuth service judge. */
describe('a mailbox on a real Dovecot by OAuth2', () => {
  let tokens: TokenService;
  let dovecot: Dovecot;
  let office: MailOffice;

  beforeEach(async () => {
    tokens = new TokenService();
    await tokens.open();
    dovecot = new Dovecot({ introspection: tokens.introspection, passwords: false });
    office = new MailOffice();
    await office.open();
    await dovecot.start();
  });

  afterEach(async () => {
    await office.close();
    await dovecot.close();
    await tokens.close();
  });

  function settings(oauth: NonNullable<MailConfig['oauth']>): MailConfig {
    const user = { user: 'sales', since: '2020-01-01', oauth };
    return mailSettings(user, { port: dovecot.port, tls: false, poll: 5 });
  }

  const letter = (subject: string) => raw({ subject, 'message-id': `<${subject}@client.example>` }, 'Hello');
  const told = (state: RegExp) =>
    vi.waitFor(() => expect(office.context('sales').states.at(-1)).toMatch(state), { timeout: 20_000 });

  /** Its old connections may live a moment longer than the server itself. */
  async function stopped(): Promise<void> {
    await dovecot.stop();
    await told(/^(?!ready)/);
  }

  it('is read by refresh settings, with a new token where one ended early, kept while nobody can judge it, and tells when consent was taken back', async () => {
    dovecot.deliver('sales', [letter('One')]);
    const { url, refreshToken } = tokens;
    await office.watch('sales', settings({ tokenUrl: `${url}/token`, clientId: 'app', refreshToken }));
    await office.holds(['One']);
    await told(/^ready/);

    const before = tokens.issued.length;
    await stopped();
    tokens.expire();
    dovecot.deliver('sales', [letter('Two')]);
    await dovecot.start();
    await office.holds(['One', 'Two']);
    await told(/^ready/);
    expect(tokens.issued).toHaveLength(before + 1);
    // The refusal was no failure that anybody had to see: a new token was tried at once.
    expect(office.context('sales').states.filter((state) => state.startsWith('failed'))).toEqual([]);

    // A server that can't ask about the token says nothing against it.
    await stopped();
    tokens.judging = 'not';
    await dovecot.start();
    await told(/^degraded: .*temporary authentication failure/i);
    tokens.consent();
    dovecot.deliver('sales', [letter('Three')]);
    await office.holds(['One', 'Two', 'Three']);
    await told(/^ready/);
    expect(tokens.issued).toHaveLength(before + 1);

    await stopped();
    tokens.revoke();
    await dovecot.start();
    await told(/^failed: .*the token service answered 400 .*is the refresh token still valid/);
  });

  it('is read by the token that a command prints', async () => {
    const file = join(office.directory, 'token');
    writeFileSync(file, tokens.issue());
    dovecot.deliver('sales', [letter('One')]);
    const command = [process.execPath, '-p', `require('fs').readFileSync(${JSON.stringify(file)}, 'utf8')`];
    await office.watch('sales', settings({ command }));
    await office.holds(['One']);

    await stopped();
    tokens.expire();
    writeFileSync(file, tokens.issue());
    dovecot.deliver('sales', [letter('Two')]);
    await dovecot.start();
    await office.holds(['One', 'Two']);
    expect(tokens.issued).toHaveLength(2);
  });
});

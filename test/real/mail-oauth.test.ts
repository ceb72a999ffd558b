import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MailConfig } from '../../src/connectors/mail/schema.ts';
import { mailSettings, raw } from '../connectors/mail/support.ts';
import { Dovecot } from './mail/dovecot.ts';
import { MailOffice } from './mail/office.ts';
import { TokenService } from './mail/token-service.ts';

/** A mailbox on a real Dovecot that accepts only tokens, which it verifies with a scripted OAuth service. */
describe('a mailbox on a real Dovecot with OAuth2', () => {
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
  const expectState = (state: RegExp) =>
    vi.waitFor(() => expect(office.context('sales').states.at(-1)).toMatch(state), { timeout: 20_000 });

  /** Old connections may outlive the server for a moment. */
  async function stopServer(): Promise<void> {
    await dovecot.stop();
    await expectState(/^(?!ready)/);
  }

  it('is read with a refresh token, renews expired access tokens, keeps them while they cannot be verified, and reports revoked consent', async () => {
    dovecot.deliver('sales', [letter('One')]);
    const { url, refreshToken } = tokens;
    await office.watch('sales', settings({ tokenUrl: `${url}/token`, clientId: 'app', refreshToken }));
    await office.holds(['One']);
    await expectState(/^ready/);

    const before = tokens.issued.length;
    await stopServer();
    tokens.expire();
    dovecot.deliver('sales', [letter('Two')]);
    await dovecot.start();
    await office.holds(['One', 'Two']);
    await expectState(/^ready/);
    expect(tokens.issued).toHaveLength(before + 1);
    // The rejected token caused no visible failure: a new one was tried at once.
    expect(office.context('sales').states.filter((state) => state.startsWith('failed'))).toEqual([]);

    // A server that cannot verify the token does not prove it invalid.
    await stopServer();
    tokens.judging = 'not';
    await dovecot.start();
    await expectState(/^degraded: .*temporary authentication failure/i);
    tokens.consent();
    dovecot.deliver('sales', [letter('Three')]);
    await office.holds(['One', 'Two', 'Three']);
    await expectState(/^ready/);
    expect(tokens.issued).toHaveLength(before + 1);

    await stopServer();
    tokens.revoke();
    await dovecot.start();
    await expectState(/^failed: .*the token service answered 400 .*is the refresh token still valid/);
  });

  it('is read with a token printed by a command', async () => {
    const file = join(office.directory, 'token');
    writeFileSync(file, tokens.issue());
    dovecot.deliver('sales', [letter('One')]);
    const command = [process.execPath, '-p', `require('fs').readFileSync(${JSON.stringify(file)}, 'utf8')`];
    await office.watch('sales', settings({ command }));
    await office.holds(['One']);

    await stopServer();
    tokens.expire();
    writeFileSync(file, tokens.issue());
    dovecot.deliver('sales', [letter('Two')]);
    await dovecot.start();
    await office.holds(['One', 'Two']);
    expect(tokens.issued).toHaveLength(2);
  });
});

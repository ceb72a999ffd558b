import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailCredentials } from '../../../src/connectors/mail/imap/credentials.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import { type Answered, ScriptedService } from '../../support/scripted-service.ts';
import { mailSettings } from './support.ts';

/** A token endpoint as specified in RFC 6749 (5.1, 5.2, 6) and documented by Google and Microsoft: form in, JSON out. */
describe('tokens for a mailbox', () => {
  const refreshToken = '1//refresh';
  let service: ScriptedService;
  let tokenUrl: string;
  let issued = 0;
  let life: number | undefined = 3600;

  beforeEach(async () => {
    issued = 0;
    life = 3600;
    service = new ScriptedService(({ method, headers, body }): Answered => {
      const form = new URLSearchParams(body.toString());
      const refuse = (error: string): Answered => ({ status: 400, body: JSON.stringify({ error }) });
      if (method !== 'POST' || headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
        return refuse('invalid_request');
      if (form.get('grant_type') !== 'refresh_token') return refuse('unsupported_grant_type');
      if (form.get('client_id') !== 'app' || form.get('client_secret') !== 'app secret')
        return refuse('invalid_client');
      if (form.get('refresh_token') !== refreshToken) return refuse('invalid_grant');
      issued += 1;
      const answer = {
        access_token: `token ${issued}`,
        token_type: 'Bearer',
        scope: form.get('scope'),
        expires_in: life,
      };
      return { body: JSON.stringify(answer) };
    });
    tokenUrl = `${await service.listen()}/token`;
  });

  afterEach(() => service.close());

  const oauth = (more: Record<string, string> = {}): MailConfig['oauth'] => ({
    tokenUrl,
    clientId: 'app',
    clientSecret: 'app secret',
    refreshToken,
    ...more,
  });

  const credentials = (settings: MailConfig['oauth']) => {
    const { password: _, ...rest } = mailSettings();
    return new MailCredentials({ ...rest, ...(settings !== undefined && { oauth: settings }) });
  };

  it('exchanges a refresh token for an access token and reuses it while it is valid', async () => {
    const scope = 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access';
    const own = credentials(oauth({ scope }));
    expect(await own.get()).toEqual({ user: 'sales@our.example', accessToken: 'token 1' });
    expect(await own.get()).toEqual({ user: 'sales@our.example', accessToken: 'token 1' });
    expect(service.asked).toHaveLength(1);
    expect(new URLSearchParams(service.asked[0]?.body.toString()).get('scope')).toBe(scope);
  });

  it('fetches a new token a minute before expiry, and when the server rejected the old one', async () => {
    life = 60;
    const own = credentials(oauth());
    await own.get();
    expect(await own.get()).toMatchObject({ accessToken: 'token 2' });
    life = 3600;
    const shown = await own.get();
    expect(shown).toMatchObject({ accessToken: 'token 3' });
    own.forget(shown);
    expect(await own.get()).toMatchObject({ accessToken: 'token 4' });
  });

  it('retries with a new token only if the rejected one had worked before, and keeps a newer one', async () => {
    const own = credentials(oauth());
    const first = await own.get();
    expect(own.forget(first)).toBe(false);
    const second = await own.get();
    await own.get();
    expect(own.forget(second)).toBe(true);
    const third = await own.get();
    expect(own.forget(second)).toBe(true);
    expect(await own.get()).toEqual(third);
    expect(own.forget({ user: 'sales', pass: 'secret' })).toBe(false);
  });

  it.each([
    ['a refused refresh token', { refreshToken: 'revoked' }, /answered 400 .* is the refresh token still valid/],
    ['a wrong client', { clientSecret: 'wrong' }, /answered 400/],
  ])('reports %s without any secret', async (_, more, message) => {
    const failed = await credentials(oauth(more))
      .get()
      .catch((error: Error) => error.message);
    expect(failed).toMatch(message);
    expect(failed).not.toMatch(/revoked|wrong|refresh\b.*1\/\//);
  });

  it('rejects a response without a token', async () => {
    service.next.push({ body: '<html>maintenance</html>' }, { body: '{"access_token": ""}' });
    await expect(credentials(oauth()).get()).rejects.toThrow(/without a token/);
    await expect(credentials(oauth()).get()).rejects.toThrow(/without a token/);
    await expect(credentials(oauth()).get()).resolves.toMatchObject({ accessToken: 'token 1' });
  });

  it('runs a command for the token, and reports if it fails or prints nothing', async () => {
    const printing = (program: string) => credentials({ command: [process.execPath, '-e', program] });
    expect(await printing('console.log("from a command")').get()).toEqual({
      user: 'sales@our.example',
      accessToken: 'from a command',
    });
    await expect(printing('').get()).rejects.toThrow('printed nothing');
    await expect(printing('process.exit(3)').get()).rejects.toThrow('the token command failed');
  });
});

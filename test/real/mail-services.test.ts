import { buffer } from 'node:stream/consumers';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedSmtp } from '../support/smtp-server.ts';
import { SendingOffice } from './mail/sending-office.ts';
import { TokenService } from './mail/token-service.ts';

/**
 * How well-known mail services differ from a server of one's own, each played by a scripted SMTP server, with mailboxes on a real
 * Dovecot: which logins they accept, and who stores sent letters in Sent, when and under which Message-ID.
 */
describe('outgoing letters through a service like', () => {
  const office = new SendingOffice();
  const tokens = new TokenService();
  const servers: ScriptedSmtp[] = [];

  /** A server of the service, which handles a letter as the service does. */
  async function service(options: SMTPServerOptions): Promise<object> {
    const server = new ScriptedSmtp(options);
    servers.push(server);
    return { host: '127.0.0.1', port: await server.listen(), tls: false };
  }

  /** Accepts only tokens of this mailbox. */
  const byToken = (user: string): SMTPServerOptions => ({
    authMethods: ['XOAUTH2'],
    onAuth: ({ accessToken = '' }, _session, done) =>
      tokens.ownerOf(accessToken) === user ? done(null, { user }) : done(new Error('5.7.3 no')),
  });

  const tokenOf = (user: string) => ({ password: undefined, oauth: { command: ['echo', tokens.issue(user)] } });

  /** The server stores the letter in Sent, altered by `changed`, before or after it answers. */
  const filed = (user: string, when: 'before' | 'after', changed = (raw: string) => raw): SMTPServerOptions => ({
    onData: (stream, _session, done) => {
      const file = async () =>
        office.dovecot.deliver(user, [Buffer.from(changed((await whole).toString('latin1')), 'latin1')], 'Sent');
      const whole = buffer(stream);
      void whole.then(async () => {
        if (when === 'before') await file();
        done(null);
        if (when === 'after') await file();
      });
    },
  });

  beforeAll(async () => {
    await tokens.open();
    const outlookId = (raw: string) => raw.replace(/^Message-ID: <patchbay/im, 'Message-ID: <outlook');
    const yandex = await service({ authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'] });
    const gmail = await service({ ...byToken('gmail'), ...filed('gmail', 'before') });
    const microsoft = await service({ ...byToken('cloud'), ...filed('cloud', 'after', outlookId) });
    const unknown = await service(filed('unknown', 'before'));
    await office.open({
      introspection: tokens.introspection,
      mailboxes: () => ({
        yandex: { smtp: yandex },
        gmail: { smtp: { ...gmail, copy: 'server' }, ...tokenOf('gmail') },
        cloud: { smtp: { ...microsoft, copy: 'server' }, ...tokenOf('cloud') },
        unknown: { smtp: unknown },
      }),
    });
  });
  afterAll(async () => {
    await office.close();
    for (const server of servers) await server.close();
    await tokens.close();
  });

  it.each([
    ['Yandex or Mail.ru, which keep no copy', 'yandex'],
    ['Gmail, which keeps it before it answers', 'gmail'],
    ['Microsoft 365, which keeps it later under a name of its own', 'cloud'],
    ['one that nobody knows to keep it', 'unknown'],
  ])('%s, lies in Sent once and stands on the card once', async (_what, user) => {
    const subject = `By ${user}`;
    const { id } = await office.write({ connection: user, to: 'ivan@client.example', subject, text: 'x' });
    await office.becomes(id, { state: 'sent', problem: null });
    await office.inFolder(user, subject, 1, 'Sent');
    const [card] = await office.letters(subject, 1);
    expect(card?.id).toBe(id);
  });

  it('Microsoft 365 can be answered under the Message-ID it assigned, and the answer joins the thread', async () => {
    const { id } = await office.write({ connection: 'cloud', to: 'ivan@client.example', subject: 'Named', text: 'x' });
    await office.inFolder('cloud', 'Named', 1, 'Sent');
    const answered = `<outlook.${id}@our.example>`;
    const answer = { from: 'ivan@client.example', to: 'cloud@our.example', subject: 'Re: Named', text: 'Yes' };
    await office.send({ ...answer, inReplyTo: answered, references: answered });
    const [, back] = await office.letters('Named', 2);
    expect(back).toMatchObject({ direction: 'inbound', causedBy: id });
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mailSettings, raw } from '../connectors/mail/support.ts';
import { Dovecot } from './mail/dovecot.ts';
import { MailOffice } from './mail/office.ts';

/** Mailboxes on a real Dovecot: incoming letters during all kinds of faults. */
describe('letters from a real Dovecot', () => {
  let dovecot: Dovecot;
  let office: MailOffice;

  beforeEach(async () => {
    dovecot = new Dovecot();
    office = new MailOffice();
    await office.open();
    await dovecot.start();
  });

  afterEach(async () => {
    await office.close();
    await dovecot.close();
  });

  const settings = (user = 'sales') =>
    mailSettings(
      { address: `${user}@our.example`, user, since: '2020-01-01' },
      { port: dovecot.port, tls: false, poll: 5 },
    );

  const letters = (from: number, to: number, more: Record<string, string> = {}) =>
    Array.from({ length: to - from }, (_, i) =>
      raw({ subject: `Letter ${from + i}`, 'message-id': `<${from + i}@client.example>`, ...more }, `Text ${from + i}`),
    );

  const subjects = (to: number) => Array.from({ length: to }, (_, i) => `Letter ${i}`);

  /** Waits for a state of the connection. */
  const expectState = (connection: string, state: RegExp) =>
    vi.waitFor(() => expect(office.context(connection).states.at(-1)).toMatch(state), { timeout: 20_000 });

  it('receives existing and new letters at once', async () => {
    dovecot.deliver('sales', letters(0, 3));
    await office.watch('sales', settings());
    await office.holds(subjects(3));
    await expectState('sales', /^ready/);
    dovecot.deliver('sales', letters(3, 4));
    const all = await office.holds(subjects(4));
    expect(all.find(({ subject }) => subject === 'Letter 0')).toMatchObject({
      channel: 'email',
      direction: 'inbound',
      state: 'received',
      text: 'Text 0',
      line: { id: 'sales@our.example' },
      party: { email: 'ivan@client.example', name: 'Ivan' },
    });
  });

  it('starts with letters that arrive after the first start if no history is wanted', async () => {
    dovecot.deliver('sales', letters(100, 103));
    const { since: _, ...rest } = settings();
    await office.watch('sales', rest);
    await expectState('sales', /^ready/);
    dovecot.deliver('sales', letters(0, 1));
    await office.holds(subjects(1));
  });

  it("puts a manager's own letters in Sent into the client's thread, which no longer waits for an answer", async () => {
    dovecot.deliver('anna', letters(0, 1, { to: 'anna@our.example' }));
    await office.watch('anna', settings('anna'));
    await office.holds(['Letter 0']);
    const own = raw(
      {
        from: 'anna@our.example',
        to: 'ivan@client.example',
        subject: 'Re: Letter 0',
        'message-id': '<own@our.example>',
        'in-reply-to': '<0@client.example>',
        date: new Date(Date.now() + 1000).toUTCString(),
      },
      'Ten',
    );
    const client = await dovecot.client('anna');
    await client.append('Sent', Buffer.from(own), ['\\Seen']);
    await client.logout();
    const all = await office.holds(['Letter 0', 'Re: Letter 0']);
    const sent = all.find(({ subject }) => subject === 'Re: Letter 0');
    const asked = all.find(({ subject }) => subject === 'Letter 0');
    expect(sent).toMatchObject({ direction: 'outbound', state: 'sent', handledBy: { id: 'a' }, causedBy: asked?.id });
    expect(sent?.thread).toBe(asked?.thread);
    expect(asked?.answeredAt).not.toBeNull();
  });

  it('reads only folders found by their special use or by configuration, no private ones, and changes no flags', async () => {
    dovecot.record('anna');
    dovecot.deliver('anna', letters(0, 1));
    for (const folder of ['Private', 'Private.Family', 'Drafts', 'Junk'])
      dovecot.deliver('anna', letters(7, 8, { subject: folder }), folder);
    const mailbox = await office.watch('anna', settings('anna'));
    await expectState('anna', /^ready/);
    dovecot.deliver('anna', letters(1, 2));
    await office.holds(subjects(2));
    await office.reconcile('anna', settings('anna'), true);
    await office.holds(subjects(2));
    await mailbox.stop();
    const asked = (what: RegExp) => [...new Set(dovecot.asked('anna').flatMap((line) => what.exec(line)?.[0] ?? []))];
    const looking = /(SELECT|EXAMINE|STATUS) .*\S/;
    expect(asked(looking).sort()).toEqual(['EXAMINE INBOX', 'EXAMINE Sent']);
    expect(asked(/\b(APPEND|COPY|CREATE|DELETE|EXPUNGE|MOVE|RENAME|STORE|BODY\[)/)).toEqual([]);

    await office.watch('anna', { ...settings('anna'), folders: ['Private'] });
    await office.holds([...subjects(2), 'Private']);
    expect(asked(looking)).toContain('EXAMINE Private');
  });

  it('finds Sent and spam under the names that mail programs use, and creates no leads from spam', async () => {
    const foreign = new Dovecot({ sent: false });
    await foreign.start();
    try {
      foreign.deliver('anna', letters(0, 1));
      const client = await foreign.client('anna');
      const own = { from: 'anna@our.example', to: 'ivan@client.example', subject: 'Own', 'message-id': '<own@x>' };
      for (const folder of ['Отправленные', 'Спам']) await client.mailboxCreate(folder);
      await client.append('Отправленные', Buffer.from(raw(own, 'Sent by hand')), ['\\Seen']);
      await client.append(
        'Спам',
        Buffer.from(raw({ from: 'spammer@x.example', subject: 'Casino', 'message-id': '<casino@x>' }, 'Win')),
      );
      await client.logout();
      const server = { ...settings('anna').imap, port: foreign.port };
      await office.watch('anna', { ...settings('anna'), imap: server, spam: true });
      const all = await office.holds(['Letter 0', 'Own', 'Casino']);
      expect(all.find(({ subject }) => subject === 'Own')).toMatchObject({ direction: 'outbound', automatic: null });
      expect(all.find(({ subject }) => subject === 'Casino')).toMatchObject({ automatic: 'spam' });
      const leads = await office.store.read.leads({ limit: 10, cursor: null });
      expect(leads.items.map(({ contacts, party }) => [contacts, party.email])).toEqual([[1, 'ivan@client.example']]);
    } finally {
      await foreign.close();
    }
  });

  it('stores one letter to two of our mailboxes as one interaction with two lines', async () => {
    await office.watch('sales', settings());
    await office.watch('anna', settings('anna'));
    const both = letters(0, 1, { to: 'sales@our.example, anna@our.example' });
    dovecot.deliver('sales', both);
    await office.holds(subjects(1));
    dovecot.deliver('anna', both);
    await vi.waitFor(
      async () => {
        const [letter] = await office.holds(subjects(1));
        expect([letter?.line?.id, ...(letter?.alsoOn ?? []).map(({ id }) => id)]).toEqual([
          'sales@our.example',
          'anna@our.example',
        ]);
      },
      { timeout: 15_000 },
    );
  });

  it('loses and duplicates nothing while the server restarts and renumbers its folder, and letters are moved and deleted', async () => {
    await office.watch('sales', settings());
    dovecot.deliver('sales', letters(0, 5));
    await office.holds(subjects(5));
    await dovecot.stop();
    dovecot.deliver('sales', letters(5, 10));
    await dovecot.start();
    await office.holds(subjects(10));

    const client = await dovecot.client('sales');
    await client.mailboxOpen('INBOX');
    await client.messageMove('1:3', 'Archive');
    await client.messageDelete('1:2');
    await client.messageCopy('1:*', 'INBOX');
    await client.logout();
    dovecot.deliver('sales', letters(10, 12));
    await office.holds(subjects(12));

    dovecot.deliver('sales', letters(12, 15));
    await dovecot.renumber('sales');
    dovecot.deliver('sales', letters(15, 16));
    await office.holds(subjects(16));
  });

  it('continues after a stop, and reports a wrong password as a state at once', async () => {
    const mailbox = await office.watch('sales', settings());
    dovecot.deliver('sales', letters(0, 2));
    await office.holds(subjects(2));
    await mailbox.stop();
    dovecot.deliver('sales', letters(2, 4));
    await office.watch('wrong', { ...settings(), password: 'not it' });
    await expectState('wrong', /^failed: .*refuses the login of sales: check the password: Authentication failed/);
    await office.watch('sales', settings());
    await office.holds(subjects(4));
  });

  it('reports and imports missing letters with reconcile, next to the watch, without moving its cursor', async () => {
    dovecot.deliver('sales', letters(0, 4));
    const mailbox = await office.watch('sales', settings());
    await office.holds(subjects(4));
    const { cursor } = office.context('sales');
    // The cursor moves only after the letters are stored: a stop in between would leave them ahead of it, to be read again.
    await vi.waitFor(async () => expect(await cursor.get('inbox')).toContain(':4:'), { timeout: 20_000 });
    // Nothing can be missing from a folder whose reading has not started.
    await vi.waitFor(async () => expect(await cursor.get('sent')).not.toBeNull(), { timeout: 20_000 });
    await mailbox.stop();
    const reconcile = (take: boolean) => office.reconcile('sales', settings(), take);
    expect(await reconcile(true)).toMatchObject([
      { folder: 'INBOX', onServer: 4, held: 4, ahead: 0, missing: [], taken: 0, refused: 0 },
      { folder: 'Sent', onServer: 0, missing: [] },
    ]);

    // Two letters that the watch skipped, and one that it has not reached.
    dovecot.deliver('sales', letters(4, 6, { subject: 'Passed by' }));
    const client = await dovecot.client('sales');
    await client.mailboxOpen('INBOX');
    const before = await cursor.get('inbox');
    await cursor.set('inbox', before?.replace(/:4:/, ':6:') ?? '');
    dovecot.deliver('sales', letters(6, 7));
    const expected = { folder: 'INBOX', onServer: 7, held: 4, ahead: 1, missing: [{ uid: 5 }, { uid: 6 }] };
    expect((await reconcile(false))[0]).toMatchObject({ ...expected, taken: 0 });
    expect(await office.all()).toHaveLength(4);
    expect((await reconcile(true))[0]).toMatchObject({ ...expected, taken: 3, refused: 0 });
    expect(await cursor.get('inbox')).toBe(before?.replace(/:4:/, ':6:'));
    expect((await reconcile(true))[0]).toMatchObject({ held: 7, ahead: 0, missing: [] });
    await client.logout();
    await office.watch('sales', settings());
    await expectState('sales', /^ready/);
    await office.holds([...subjects(4), 'Passed by', 'Passed by', 'Letter 6']);
  });
});

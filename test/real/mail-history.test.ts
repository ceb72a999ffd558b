import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { examineMailbox } from '../../src/cli/doctor/mailbox.ts';
import type { MailConfig } from '../../src/connectors/mail/schema.ts';
import { mailSettings, raw } from '../connectors/mail/support.ts';
import { Dovecot } from './mail/dovecot.ts';
import { MailOffice } from './mail/office.ts';

const wanted = 1500;
const day = '2026-03-01';

/** The first start with a mailbox that holds many years of letters. */
describe('the history of a mailbox on a real Dovecot', () => {
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

  const settings = (more: Partial<MailConfig> = {}) =>
    mailSettings({ user: 'sales', since: day, smtp: false, ...more }, { port: dovecot.port, tls: false, poll: 5 });
  /** Letters that arrived on a given day; their own dates are irrelevant. */
  const letters = (subject: string, count: number, arrived: string) => {
    const all = Array.from({ length: count }, (_, i) =>
      raw(
        { subject, 'message-id': `<${subject}.${i}@client.example>`, date: 'Mon, 1 Jan 2024 10:00:00 +0000' },
        `${i}`,
      ),
    );
    dovecot.deliver('sales', all, 'INBOX', new Date(arrived));
  };
  /** What the doctor reports about the inbox. */
  const doctor = async (config = settings()) => {
    const findings = await examineMailbox('sales', config, (connection, folder) =>
      office.store.read.cursor(connection, folder),
    );
    return findings.find(({ what }) => what === 'sales: inbox');
  };

  it('is imported from the chosen day, and its progress is visible everywhere', async () => {
    letters('Older', 40, '2026-02-28T12:00:00Z');
    letters('Wanted', wanted, '2026-03-01T00:30:00Z');
    expect(await doctor()).toMatchObject({
      ok: true,
      detail: `INBOX: ${wanted} letters since ${day} will be imported at the first start`,
    });

    // The store stalls at one letter in the middle.
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let emitted = 0;
    office.before = () => (++emitted > 1000 ? held : Promise.resolve());
    const mailbox = await office.watch('sales', settings());
    const { states } = office.context('sales');
    await vi.waitFor(() => expect(emitted).toBeGreaterThan(1000), { timeout: 30_000 });
    await vi.waitFor(() => expect(states.at(-1)).toMatch(/^\w+: inbox: 1[01]00 of 1500 letters taken in/), 10_000);
    expect(await doctor()).toMatchObject({
      ok: true,
      detail: 'INBOX: 1000 of 1500 older letters have been imported',
    });
    // Stopped and restarted in the middle, it continues where it was.
    release();
    await mailbox.stop();
    office.before = async () => undefined;
    await office.watch('sales', settings());

    await vi.waitFor(async () => expect((await doctor())?.detail).toBe('INBOX: all letters have been imported'), {
      timeout: 60_000,
      interval: 500,
    });
    await vi.waitFor(() => expect(states.at(-1)).toBe('ready'), 10_000);
    const progress = states.flatMap((state) => /(\d+) of 1500 letters/.exec(state)?.slice(1).map(Number) ?? []);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const all = await office.all();
    expect(new Set(all.map(({ subject }) => subject))).toEqual(new Set(['Wanted']));
    expect(all).toHaveLength(wanted);
    expect(await office.reconcile('sales', settings(), false)).toMatchObject([
      { folder: 'INBOX', onServer: wanted, held: wanted, ahead: 0, missing: [] },
      { folder: 'Sent' },
    ]);
  });

  it('is not imported without a day, and the doctor reports a mailbox that does not open or lacks a folder', async () => {
    letters('Older', 3, '2026-02-28T12:00:00Z');
    const { since: _, ...open } = settings();
    expect((await doctor(open))?.detail).toBe('INBOX: letters that arrive after the first start will be imported');
    const [wrong] = await examineMailbox('sales', settings({ password: 'not it' }), async () => null);
    expect(wrong).toMatchObject({
      what: 'sales: mailbox',
      ok: false,
      detail: expect.stringMatching(/refuses the login/),
    });
    const found = await examineMailbox('sales', settings({ folders: ['Gone'] }), async () => null);
    expect(found.at(-1)).toMatchObject({
      what: 'sales: folder Gone',
      ok: false,
      detail: expect.stringContaining('there is no folder Gone'),
    });
  });
});

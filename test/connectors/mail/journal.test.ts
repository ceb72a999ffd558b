import { describe, expect, it } from 'vitest';
import { eventsOf, type FolderRole } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { mailSettings, raw } from './support.ts';

const { blobs, log, staff } = connectorContext('journal');

async function contactOf(
  headers: Readonly<Record<string, string>>,
  config: MailConfig = mailSettings({ address: 'journal@our.example', journal: 'journal@our.example' }),
  role: FolderRole = 'inbox',
) {
  const read = await readWhole(raw(headers, 'Your invoice'), 0, { blobs, maxFileBytes: 1e6, log, jobs: inProcessJobs });
  return eventsOf(read, { connection: 'journal', role, config, staff: staff() })[0];
}

/** Other programs send us copies of their letters by BCC. */
describe('a journal address', () => {
  const invoice = { from: 'Billing <billing@mailer.example>', to: 'Ivan <ivan@client.example>' };

  it('reads a BCC copy as sent by its author', async () => {
    expect(await contactOf(invoice)).toMatchObject({
      direction: 'outbound',
      state: 'sent',
      from: 'billing@mailer.example',
      party: { email: 'ivan@client.example', name: 'Ivan' },
      handle: { to: 'ivan@client.example' },
    });
  });

  it('may be an alias of another mailbox if the servers record it as the recipient', async () => {
    const shared = mailSettings({ journal: 'journal@our.example' });
    expect(await contactOf({ ...invoice, 'delivered-to': 'journal@our.example' }, shared)).toMatchObject({
      direction: 'outbound',
    });
    expect(await contactOf(invoice, shared)).toMatchObject({ direction: 'inbound' });
  });

  it.each([
    ['that names the journal address itself', { ...invoice, to: 'journal@our.example' }],
    [
      'that came to one of ours, copied by the server',
      { from: 'ivan@client.example', to: 'x@y.example, journal@our.example' },
    ],
    ['without recipients', { from: 'ivan@client.example', to: '' }],
  ])('reads as received a letter %s', async (_, headers) => {
    expect(await contactOf(headers)).toMatchObject({ direction: 'inbound', state: 'received' });
  });

  it('ignores copies in the spam folder', async () => {
    expect(await contactOf(invoice, undefined, 'spam')).toMatchObject({ direction: 'inbound', automatic: 'spam' });
  });
});

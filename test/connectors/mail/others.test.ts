import { describe, expect, it } from 'vitest';
import { contactOf, type FolderRole } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { mailSettings, raw } from './support.ts';

const { blobs, log, staff } = connectorContext('sales');
const config = mailSettings({ address: 'sales@our.example', addresses: ['@our.example'] });

async function readIn(headers: Readonly<Record<string, string>>, role: FolderRole = 'inbox') {
  const read = await readWhole(raw(headers, 'Hello'), 0, { blobs, maxFileBytes: 1e6, log, jobs: inProcessJobs });
  return contactOf(read, { connection: 'sales', role, config, staff: staff() });
}

describe('the other participants of a letter', () => {
  it('are those in To and Cc, each once, without the party and our own addresses', async () => {
    const contact = await readIn({
      from: 'Ivan <ivan@client.example>',
      to: 'sales@our.example, Olga <Olga@Firm.example>',
      cc: 'Anna <anna@our.example>, olga@firm.example, ivan@client.example, Petr <petr@x.example>, undisclosed:;',
    });
    expect(contact.party.email).toBe('ivan@client.example');
    expect(contact.others?.map(({ email }) => email)).toEqual(['olga@firm.example', 'petr@x.example']);
  });

  it('are the further recipients of an outgoing letter; the first recipient is the party', async () => {
    const headers = { from: 'sales@our.example', to: 'ivan@client.example, olga@firm.example', bcc: 'petr@x.example' };
    const contact = await readIn(headers, 'sent');
    expect(contact).toMatchObject({ direction: 'outbound', party: { email: 'ivan@client.example' } });
    expect(contact.others).toEqual([{ email: 'olga@firm.example', name: null }]);
  });

  it('are empty for internal letters, and limited for mass mailings', async () => {
    expect((await readIn({ from: 'anna@our.example', to: 'sales@our.example' })).others).toEqual([]);
    const many = Array.from({ length: 60 }, (_, i) => `u${i}@x.example`).join(', ');
    expect((await readIn({ from: 'ivan@client.example', to: many })).others).toHaveLength(20);
  });
});

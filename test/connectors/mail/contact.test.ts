import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { mailSettings, raw } from './support.ts';

const arrivedAt = Date.parse('2026-11-24T10:00:00Z');
const { blobs, log } = connectorContext('sales');

async function contactOf(headers: Record<string, string>) {
  const read = await readWhole(raw(headers, 'Hello'), arrivedAt, {
    blobs,
    log,
    maxFileBytes: 1000,
    jobs: inProcessJobs,
  });
  const staff = { managers: [], lines: [] };
  return eventsOf(read, { connection: 'sales', role: 'inbox', config: mailSettings(), staff })[0];
}

describe('the time of a letter', () => {
  it.each([
    ['that of its Date header', 'Tue, 24 Nov 2026 12:59:30 +0300', '2026-11-24T09:59:30Z'],
    ['its arrival if its clock is ahead', 'Tue, 24 Nov 2026 13:09:00 +0300', '2026-11-24T10:00:00Z'],
    ['its arrival if its date is invalid', 'soon', '2026-11-24T10:00:00Z'],
    ['its arrival if its clock was never set', 'Thu, 1 Jan 1960 00:00:00 +0000', '2026-11-24T10:00:00Z'],
  ])('is %s', async (_, date, at) => {
    const contact = await contactOf({ from: 'ivan@client.example', to: 'sales@our.example', date });
    expect(contact).toMatchObject({ at: Date.parse(at), arrivedAt });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contactOf } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { mailSettings } from './support.ts';

const folder = new URL('golden/', import.meta.url);
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.eml') ? [name.slice(0, -4)] : []));
const context = connectorContext('sales');
const arrived = Date.parse('2026-11-24T12:00:00Z');

/** The fields of the resulting events that the golden files contain. */
async function resultOf(name: string) {
  const files = { blobs: context.blobs, maxFileBytes: 10_000_000, log: context.log, jobs: inProcessJobs };
  const read = await readWhole(readFileSync(new URL(`${name}.eml`, folder)), arrived, files);
  const staff = { managers: [], lines: [] };
  const contact = contactOf(read, { connection: 'sales', role: 'inbox', config: mailSettings(), staff });
  const { key, party, at, subject, text, attachments, answers, direction, body } = contact;
  return {
    key: key.replace(/#.*/, ''),
    direction,
    party: { email: party.email, name: party.name },
    at: new Date(at).toISOString(),
    subject,
    text: text !== null && text.length > 300 ? `${text.slice(0, 40)}… ${text.length}` : text,
    answers,
    attachments: attachments.map(({ name, mime, bytes }) => ({ name, mime, bytes })),
    body: body == null ? null : { mime: body.mime, quotedAt: body.quotedAt },
  };
}

// The expected result is next to each letter. `PATCHBAY_GOLDEN=print` prints the current one; review it before you save it.
describe('malformed letters', () => {
  it.each(names)('%s', async (name) => {
    const now = await resultOf(name);
    expect(now).toEqual(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
  });

  it('are distinguished even if they share a Message-ID', async () => {
    const keys = await Promise.all(
      ['message-id-equal-1', 'message-id-equal-2'].map(async (name) => {
        const files = { blobs: context.blobs, maxFileBytes: 1e6, log: context.log, jobs: inProcessJobs };
        const read = await readWhole(readFileSync(new URL(`${name}.eml`, folder)), arrived, files);
        const where = {
          connection: 's',
          role: 'inbox',
          config: mailSettings(),
          staff: { managers: [], lines: [] },
        } as const;
        return contactOf(read, where).key;
      }),
    );
    expect(new Set(keys).size).toBe(2);
  });
});

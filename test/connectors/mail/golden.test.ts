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

/** What the intake is told of a letter, as far as the golden results speak of it. */
async function told(name: string) {
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

// Each letter lies beside what is to come of it. `PATCHBAY_GOLDEN=print` prints what comes of it now: read it before it is kept.
describe('letters that are not as they should be', () => {
  it.each(names)('%s', async (name) => {
    const now = await told(name);
    expect(now).toEqual(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
  });

  it('are told apart also where they have the same Message-ID', async () => {
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

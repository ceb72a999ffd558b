import { describe, expect, it } from 'vitest';
import { contactOf } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { type Job, JobOverrunError, type Jobs, type Overrun } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { mailSettings, raw } from './support.ts';

const { blobs, log } = connectorContext('sales');
const arrivedAt = Date.parse('2026-11-24T10:00:00Z');
const where = {
  connection: 'sales',
  role: 'inbox',
  config: mailSettings(),
  staff: { managers: [], lines: [] },
} as const;
const letter = raw({ subject: 'Pumps', 'message-id': '<1@client.example>' }, 'How much?');

/** A job runner that gives up the jobs with these names. */
function without(names: readonly string[], overrun: Overrun): Jobs {
  return {
    run: async <In, Out>(job: Job<In, Out>, input: In) => {
      if (names.includes(job.name)) throw new JobOverrunError(job.name, overrun);
      return job.run(input);
    },
  };
}

const read = (jobs: Jobs) => readWhole(letter, arrivedAt, { blobs, log, jobs, maxFileBytes: 1e6 });

describe('a letter that cannot be parsed in time', () => {
  it.each(['time', 'memory', 'crash'] as const)(
    'is stored whole with a note, and recognised later: %s',
    async (overrun) => {
      const contact = contactOf(await read(without(['letter'], overrun)), where);
      expect(contact).toMatchObject({ subject: 'Pumps', party: { email: 'ivan@client.example' }, body: null });
      expect(contact.text).toContain('This letter could not be read');
      expect(contact.attachments).toMatchObject([{ name: 'message.eml', bytes: letter.length }]);
      expect(contactOf(await read(without(['letter'], 'time')), where).key).toBe(contact.key);
    },
  );

  it('is stored even if its headers cannot be parsed either', async () => {
    const contact = contactOf(await read(without(['letter', 'letter-head'], 'time')), where);
    expect(contact).toMatchObject({ subject: null, party: { email: null }, at: arrivedAt });
    expect(contact.attachments).toMatchObject([{ name: 'message.eml' }]);
  });

  it.each(['stopped', 'queue'] as const)('is retried later if the program caused the failure: %s', async (overrun) => {
    await expect(read(without(['letter'], overrun))).rejects.toBeInstanceOf(JobOverrunError);
  });
});

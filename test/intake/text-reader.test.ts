import { describe, expect, it } from 'vitest';
import type { Write } from '../../src/domain/ports/writes.ts';
import { TextReader } from '../../src/intake/text-reader.ts';
import { inProcessJobs, JobOverrunError, type Jobs } from '../../src/runtime/jobs/job.ts';
import { answerTo, letter, report } from '../support/written.ts';

const signed = 'Ivan, 8 916 123-45-67';
const phone = { kind: 'phone', value: '+79161234567', ext: null };
const contact = (id: string, text: string, more = {}): Write => ({
  op: 'contact',
  event: letter(id, { text, ...more }),
});

/** Jobs that wait until released, in any order. */
function heldJobs() {
  const held: (() => void)[] = [];
  const jobs: Jobs = {
    run: async (job, input) => {
      await new Promise<void>((resolve) => held.push(resolve));
      return job.run(input);
    },
  };
  return { jobs, release: (i: number) => held[i]?.() };
}

describe('reading texts before they are stored', () => {
  it('finds phone numbers in a text', async () => {
    const [write] = await new TextReader(inProcessJobs, 'RU').prepare([contact('1', signed)]);
    expect(write).toMatchObject({ event: { found: [phone] } });
  });

  it.each([
    ['nothing to find', contact('1', 'How much?')],
    ['a letter of ours', { op: 'contact', event: answerTo('1', '2', { text: signed }) } as Write],
    ['a robot', contact('1', signed, { automatic: 'list' })],
    ['a report', { op: 'contact', event: report('1') } as Write],
    [
      'only the number of the sender',
      contact('1', '8 916 123-45-67', { party: { phone: '8 916 123-45-67', email: null } }),
    ],
  ])('passes through at once: %s', (_, write) => {
    expect(new TextReader(inProcessJobs, 'RU').prepare([write])).toEqual([write]);
  });

  it('truncates texts and subjects longer than any store keeps', async () => {
    const [write] = await new TextReader(inProcessJobs, 'RU').prepare([
      contact('1', 'a'.repeat(500_000), { subject: 'b'.repeat(600_000) }),
    ]);
    expect(write).toMatchObject({ event: { text: 'a'.repeat(200_000), subject: 'b'.repeat(2000) } });
  });

  it('stores a text without suggestions if it could not be read in time', async () => {
    const jobs: Jobs = { run: (job) => Promise.reject(new JobOverrunError(job.name, 'time')) };
    const [write] = await new TextReader(jobs, 'RU').prepare([contact('1', signed)]);
    expect(write).toMatchObject({ event: { text: signed, found: [] } });
  });

  it('keeps the order within a connection, and lets other connections and forms overtake', async () => {
    const { jobs, release } = heldJobs();
    const reader = new TextReader(jobs, 'RU');
    const order: string[] = [];
    const prepare = async (name: string, writes: readonly Write[]) => {
      await reader.prepare(writes);
      order.push(name);
    };
    const all = [
      prepare('read', [contact('1', signed)]),
      prepare('behind it', [contact('2', 'How much?')]),
      prepare('report', [{ op: 'contact', event: report('1') }]),
      prepare('other connection', [contact('3', 'How much?', { connection: 'other' })]),
      prepare('form', [contact('4', 'How much?', { channel: 'form' })]),
    ];
    await Promise.all(all.slice(3));
    expect(order).toEqual(['other connection', 'form']);
    release(0);
    await Promise.all(all);
    expect(order.slice(2)).toEqual(['read', 'behind it', 'report']);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactOf } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { ownTextOf } from '../../../src/connectors/mail/parse/own-text.ts';
import { foldQuoted } from '../../../src/domain/written/quoted/fold.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { bytes, mailSettings, raw } from './support.ts';

const folder = new URL('golden/', import.meta.url);
const corpus = readdirSync(folder).flatMap((name) =>
  name.endsWith('.eml') ? [readFileSync(new URL(name, folder))] : [],
);
/** Answers with quotations of many programs. */
const quotations = new URL('../../fixtures/field-cases/quoted/', import.meta.url);
const answers = readdirSync(quotations).flatMap((name) => {
  const type = /\.(html|txt)$/.exec(name)?.[1] === 'html' ? 'text/html' : 'text/plain';
  const head = { 'content-type': `${type}; charset=utf-8`, subject: 'Re: Pumps' };
  return name.endsWith('.json') ? [] : [Buffer.from(raw(head, readFileSync(new URL(name, quotations))))];
});
const small = [...corpus.filter(({ length }) => length < 30_000), ...answers];
const context = connectorContext('sales');
/** For more runs: `PATCHBAY_FUZZ_RUNS=20000`, and another `PATCHBAY_FUZZ_SEED`. */
const numRuns = Number(process.env.PATCHBAY_FUZZ_RUNS ?? 400);
const seed = Number(process.env.PATCHBAY_FUZZ_SEED ?? 4);

async function take(letter: Uint8Array) {
  const read = await readWhole(letter, 0, {
    blobs: context.blobs,
    maxFileBytes: 1e7,
    log: context.log,
    jobs: inProcessJobs,
  });
  return contactOf(read, {
    connection: 's',
    role: 'inbox',
    config: mailSettings(),
    staff: { managers: [], lines: [] },
  });
}

/** The result may be slightly longer than the letter (one byte of koi8-r is two in UTF-8), but not by a large factor. */
function expectBounded({ text, subject, attachments }: Awaited<ReturnType<typeof take>>, size: number): void {
  const total = (text?.length ?? 0) + (subject?.length ?? 0) + attachments.reduce((sum, one) => sum + one.bytes, 0);
  expect(total).toBeLessThanOrEqual(size * 3 + 1000);
}

const pieces = [
  '\r\n',
  '\r\n\r\n',
  '--x',
  '=?utf-8?B?',
  '?=',
  'Content-Type: ',
  'multipart/mixed; boundary=x',
  '<',
  '>',
  '"',
  '\0',
  '\\',
  ';',
  '=',
];
const place = fc.nat(1_000_000);
const change = fc.oneof(
  fc.record({ kind: fc.constant('byte'), at: place, value: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut'), at: place, value: place }),
  fc.record({ kind: fc.constant('repeat'), at: place, value: fc.nat(2000) }),
  fc.record({ kind: fc.constant('insert'), at: place, value: fc.nat(pieces.length - 1) }),
  fc.record({ kind: fc.constant('splice'), at: place, value: fc.nat(small.length - 1) }),
);

function changed(letter: Buffer, { kind, at: anywhere, value }: { kind: string; at: number; value: number }): Buffer {
  const at = anywhere % (letter.length + 1);
  const [before, behind] = [letter.subarray(0, at), letter.subarray(at)];
  if (kind === 'byte') return Buffer.concat([before, Buffer.from([value]), behind.subarray(1)]);
  if (kind === 'cut') return Buffer.concat([before, behind.subarray(value % (behind.length + 1))]);
  if (kind === 'repeat') return Buffer.concat([before, behind.subarray(0, value), behind]);
  if (kind === 'insert') return Buffer.concat([before, bytes(pieces[value] ?? ''), behind]);
  const other = small[value] ?? letter;
  return Buffer.concat([before, other.subarray(at % other.length)]);
}

describe('damaged letters', () => {
  it('are all taken in, and their content does not grow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async (letter, changes) => {
          const broken = changes.reduce(changed, letter);
          expectBounded(await take(broken), broken.length);
        },
      ),
      { numRuns, seed },
    );
  }, 120_000);

  const long = 100_000;
  // Any worse than linear time would take minutes here, so the test's time-out would fail it.
  it.each([
    ['opening tags', 'text/html', '<div '],
    ['quotations', 'text/html', '<blockquote>'],
    ['pictures without an end', 'text/html', '<img src='],
    ['attributes', 'text/html', '<div class="gmail_quote'],
    ['tables', 'text/html', '<table><tr><td>'],
    ['styles', 'text/html', '<p style="a:b;'],
    ['comments', 'text/html', '<!--'],
    ['entities', 'text/html', '&#x26;#'],
    ['quoted lines', 'text/plain', '> '],
    ['separators', 'text/plain', 'On Ivan wrote:\r\n> x\r\ny\r\n'],
    ['underscores', 'text/plain', '_'],
    ['header lines in the text', 'text/plain', 'From: a\r\n'],
    ['UTF-7', 'text/plain; charset=utf-7', '+'],
  ])('are parsed quickly if they consist of %s', async (_, type, piece) => {
    const letter = raw({ 'content-type': type, subject: 'Re: all' }, piece.repeat(long / piece.length));
    expectBounded(await take(letter), letter.length * 3);
  });

  it.each([
    ['subject', '=?utf-8?B?'],
    ['to', 'a@b.example,'],
    ['to', '(('],
    ['to', '"<'],
    ['references', '<a'],
    ['content-type', 'multipart/mixed; boundary='],
    ['x-many', 'a\r\n '],
    ['content-type', 'text/plain; name*0='],
  ])('are parsed quickly if the header %s consists of %j', async (name, piece) => {
    const letter = raw({ [name]: piece.repeat(long / piece.length) }, 'x');
    expectBounded(await take(letter), letter.length);
  });

  it('are searched for quotations in linear time', () => {
    const answer = { answers: ['1@our.example'], subject: null, text: '' };
    const nested = '<blockquote>a'.repeat(100);
    expect(ownTextOf({ ...answer, html: `a${nested}` }).quotedAt).toBeNull();
    expect(ownTextOf({ ...answer, html: `a<blockquote type="cite">b</blockquote>`.repeat(long) }).quotedAt).toBeNull();
    expect(foldQuoted('On Tue, Ivan\n'.repeat(long / 10)).quoted).toBe('');
  });
});

import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { contactOf } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { htmlText } from '../../../src/connectors/mail/parse/html-text.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { differs } from '../../support/field-match.ts';
import { mailSettings, raw } from './support.ts';

interface QuotedCase {
  readonly answers: boolean;
  readonly text: { readonly has: readonly string[]; readonly lacks?: readonly string[] };
}

const context = connectorContext('sales');

async function read(file: URL, answers: boolean) {
  const type = file.href.endsWith('.html') ? 'text/html' : 'text/plain';
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    subject: answers ? 'Re: Arrangement' : 'Arrangement',
    ...(answers && { 'in-reply-to': '<1@our.example>' }),
  };
  const files = { blobs: context.blobs, maxFileBytes: 1e6, log: context.log, jobs: inProcessJobs };
  const letter = await readWhole(raw(headers, readFileSync(file)), 0, files);
  const where = { connection: 'sales', role: 'inbox', config: mailSettings(), staff: { managers: [], lines: [] } };
  return contactOf(letter, where as Parameters<typeof contactOf>[1]);
}

/** The text that the letter's page shows without a click. */
async function shownOf({ text: own, body }: Awaited<ReturnType<typeof read>>): Promise<string> {
  if (body == null) return own ?? '';
  const content = await text(await context.blobs.open(body.blob));
  const shown = body.quotedAt === null ? content : content.slice(0, body.quotedAt);
  return body.mime === 'text/html' ? htmlText(shown) : shown;
}

// The field cases, and the cases of our own that were written without a look at the code.
describe.each(['field-cases', 'own-cases'])('quotations of %s', (name) => {
  const folder = new URL(`../../fixtures/${name}/quoted/`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as {
    readonly cases: Readonly<Record<string, QuotedCase>>;
  };

  it.each(Object.entries(cases))('%s', async (file, { answers, text: wanted }) => {
    const contact = await read(new URL(file, folder), answers);
    expect(differs(wanted, contact.text)).toBeNull();
    expect(differs(wanted, await shownOf(contact)), 'the page').toBeNull();
  });
});

import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import { htmlText } from '../../../src/connectors/mail/parse/html-text.ts';
import { ownTextOf } from '../../../src/connectors/mail/parse/own-text.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { bytes, raw } from './support.ts';

const context = connectorContext('sales');

async function bodyOf(letter: Uint8Array) {
  const { body } = await readWhole(letter, 0, {
    blobs: context.blobs,
    maxFileBytes: 100_000,
    log: context.log,
    jobs: inProcessJobs,
  });
  return body === null ? null : { ...body, content: await text(await context.blobs.open(body.blob)) };
}

const html = (content: string) => raw({ 'content-type': 'text/html; charset=utf-8' }, content);

describe('the body of a letter', () => {
  it('keeps HTML in UTF-8, whatever its original encoding', async () => {
    const koi = Buffer.concat([bytes('<p>'), Buffer.from('f0d2c9d7c5d4', 'hex'), bytes('</p>')]);
    expect(await bodyOf(raw({ 'content-type': 'text/html; charset=koi8-r' }, koi))).toMatchObject({
      content: '<p>Привет</p>\n',
      mime: 'text/html',
      quotedAt: null,
      remoteImages: false,
      inline: [],
    });
  });

  it('keeps only the part of a plain letter that the interaction’s text omits', async () => {
    expect(await bodyOf(raw({}, 'Yes'))).toBeNull();
    const answer = await bodyOf(raw({ subject: 'Re: Pumps' }, 'Yes\r\n\r\n> Ten?\r\n'));
    expect(answer).toMatchObject({ mime: 'text/plain', content: 'Yes\n\n> Ten?', quotedAt: 5 });
    expect(await bodyOf(raw({}, 'long '.repeat(30_000)))).toMatchObject({ mime: 'text/plain', quotedAt: null });
  });

  it('finds its inline images', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
    const part = (type: string, id: string) =>
      `--b\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n${png}\r\n`;
    const letter = raw(
      { 'content-type': 'multipart/related; boundary=b' },
      `--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:logo@x"><img src="//t.example/a.gif">\r\n${part('image/png', 'logo@x')}${part('image/svg+xml', 'svg@x')}--b--\r\n`,
    );
    const body = await bodyOf(letter);
    expect(body?.inline).toMatchObject([{ contentId: 'logo@x', mime: 'image/png' }]);
    expect(body?.remoteImages).toBe(true);
  });

  it('cuts content that is too long to be read', async () => {
    const body = await bodyOf(html(`<p>${'я'.repeat(1_500_000)}`));
    expect(body?.content).toHaveLength(1_000_000);
  });
});

function quotedAt(html: string, answers: readonly string[] = ['1@our.example']): number | null {
  return ownTextOf({ text: htmlText(html), html, answers, subject: 'Re: Pumps' }).quotedAt;
}

describe('quoted text of an HTML letter', () => {
  const own = '<div>Да, берём десять.</div>';
  it.each([
    [
      'Gmail',
      `<div class="gmail_quote"><div class="gmail_attr">вт, Иван:<br></div><blockquote>Десять?</blockquote></div>`,
    ],
    ['Apple Mail', `<blockquote type="cite"><div>Десять?</div></blockquote>`],
    [
      'Thunderbird',
      `<div class="moz-cite-prefix">24.11.2026 Иван пишет:</div><blockquote type="cite">Десять?</blockquote>`,
    ],
    [
      'Outlook',
      `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p><b>From:</b> Ivan</p></div><p>Десять?</p>`,
    ],
    ['Outlook on the web', `<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">От: Иван</div><div>Десять?</div>`],
    ['mail.ru', `<blockquote style="border-left:1px solid #0857A6"><div>Десять?</div></blockquote>`],
  ])('by %s is recognised', (_, quoted) => {
    const whole = `<html><body>${own}${quoted}</body></html>`;
    expect(whole.slice(quotedAt(whole) ?? 0)).toBe(`${quoted}</body></html>`);
  });

  it.each([
    [
      'answers stand between its lines',
      `${own}<blockquote>Десять?</blockquote><p>Да.</p><blockquote>Когда?</blockquote><p>Завтра.</p>`,
    ],
    ['there is nothing else', '<blockquote type="cite">Десять?</blockquote>'],
    ['the answer stands beneath', '<blockquote type="cite">Десять?</blockquote><p>Да.</p>'],
    ['the letter is a commented tag', '<p>a</p><!-- <div class="gmail_quote'],
  ])('is not collapsed if %s', (_, whole) => {
    expect(quotedAt(whole)).toBeNull();
  });
});

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { contactOf } from '../../../../src/connectors/mail/contact.ts';
import { automaticOf } from '../../../../src/connectors/mail/parse/automatic.ts';
import { parseLetter } from '../../../../src/connectors/mail/parse/letter.ts';
import { ownTextOf } from '../../../../src/connectors/mail/parse/own-text.ts';
import { BadAddressError, type ComposeParts, compose } from '../../../../src/connectors/mail/smtp/compose.ts';
import type { Staff } from '../../../../src/domain/directory/manager.ts';
import { type Outbound, outboundKey } from '../../../../src/domain/outbound/outbound.ts';
import type { BlobId } from '../../../../src/domain/ports/blobs.ts';
import { manager } from '../../../support/calls.ts';
import { mailSettings } from '../support.ts';
import { outbound } from './support.ts';

const config = mailSettings({ addresses: ['@our.example'] });
const line = {
  channel: 'email',
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
} as const;
const staff: Staff = {
  managers: [manager('a', '101', { name: 'Анна Иванова', email: 'anna@our.example' })],
  lines: [{ ...line, id: 'pumps', address: 'pumps@our.example', label: 'Насосы', route: null }],
};
const now = Date.parse('2026-11-24T10:00:00Z');
const signature = (text: string) => ({ text, html: null, logo: null, company: 'Насосы' });
const files = new Map<string, Buffer>();
const blobs = {
  open: async (id: BlobId) => {
    const bytes = files.get(id);
    if (bytes === undefined) throw new Error('no such blob');
    return Readable.from([bytes]);
  },
};
const parts = { config, staff, blobs, now, formatting: null };

async function read(letter: Outbound, change: Partial<ComposeParts> = {}) {
  const bytes = await compose(letter, { ...parts, ...change }).build();
  const { letter: parsed, files: parsedFiles } = await parseLetter(bytes);
  return { bytes, head: bytes.toString('latin1').split('\r\n\r\n')[0] ?? '', parsed, files: parsedFiles };
}

describe('an outgoing letter', () => {
  it('has its author, recipient, subject and our own id', async () => {
    const letter = outbound();
    const { parsed, head } = await read(letter);

    expect(parsed).toMatchObject({
      messageId: `patchbay.${letter.id}@our.example`,
      from: { address: 'sales@our.example', name: 'Анна Иванова' },
      to: [{ address: 'ivan@client.example', name: 'Иван' }],
      subject: 'Насосы',
      text: 'Десять штук есть.',
      date: now,
      answers: [],
    });
    expect(head).not.toMatch(/auto-submitted|precedence/i);
    expect(head).toMatch(/^[\x20-\x7e\r\n\t]*$/);
  });

  const earlier = {
    how: 'quoted',
    head: '15.09.2026 14:41, Иван <ivan@client.example> пишет:',
    text: 'Цена <b>\n\nИван',
  } as const;
  const replyTo = { messageId: 'first@client.example', references: '', subject: 'Насосы', to: 'ivan@client.example' };

  it('quotes the letter that it answers, in text and in HTML, below the signature', async () => {
    const managers = [manager('a', '101', { name: 'Анна', signature: signature('Анна, отдел продаж') })];
    const { parsed } = await read(outbound({ earlier, replyTo }), { staff: { ...staff, managers } });

    expect(parsed.text.trim()).toBe(
      `Десять штук есть.\n\n-- \nАнна, отдел продаж\n\n${earlier.head}\n> Цена <b>\n>\n> Иван`,
    );
    expect(parsed.html).toContain('<blockquote type="cite">Цена &lt;b&gt;<br>\n<br>\nИван</blockquote>');
    expect(ownTextOf(parsed)).toMatchObject({
      own: 'Десять штук есть.\n\n-- \nАнна, отдел продаж',
      quotedAt: expect.any(Number),
    });
  });

  it('quotes nothing if its mailbox is set so, but still forwards', async () => {
    const quiet = { config: mailSettings({ quote: false }) };
    const answer = await read(outbound({ earlier, replyTo }), quiet);
    expect([answer.parsed.text.trim(), answer.parsed.html]).toEqual(['Десять штук есть.', null]);
    const forwarded = { how: 'forwarded', head: '-------- Forwarded message --------', text: 'Цена' } as const;
    const passed = await read(outbound({ earlier: forwarded, text: '' }), quiet);
    expect(passed.parsed.text.trim()).toBe('-------- Forwarded message --------\n\nЦена');
  });

  it('belongs to its conversation', async () => {
    const replyTo = {
      messageId: 'third@client.example',
      references: 'first@client.example second@our.example',
      subject: 'Re: RE: Ответ: Насосы',
      to: 'orders@client.example',
    };
    const { parsed } = await read(outbound({ replyTo, subject: null }));

    expect(parsed.to[0]?.address).toBe('orders@client.example');
    expect(parsed.subject).toBe('Re: Насосы');
    expect(parsed.headers.get('in-reply-to')).toEqual(['<third@client.example>']);
    expect(parsed.headers.get('references')).toEqual([
      '<first@client.example> <second@our.example> <third@client.example>',
    ]);
  });

  it('references the first and the last ids of a long conversation', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `${i}@client.example`);
    const { references } = compose(
      outbound({ replyTo: { references: ids.join(' '), messageId: '40@client.example' } }),
      parts,
    );
    expect(references).toHaveLength(12);
    expect(references[0]).toBe('0@client.example');
    expect(references.at(-1)).toBe('40@client.example');
  });

  it('contains its author’s signature, and unmodified files', async () => {
    const text = Buffer.from('line\nline\r\n\tнет\n');
    const binary = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 256));
    files.set('t', text).set('b', binary);
    const attachments = [
      { blob: 't' as BlobId, name: 'цены на насосы.txt', mime: 'text/plain', bytes: text.length },
      { blob: 'b' as BlobId, name: 'b.bin', mime: 'application/octet-stream', bytes: binary.length },
    ];
    const [anna] = staff.managers;
    const signed: Staff = {
      ...staff,
      managers: anna ? [{ ...anna, signature: signature('Анна Иванова\n+7 495 120-00-01\n') }] : [],
    };
    const found = await read(outbound({ attachments }), { staff: signed });

    expect(found.parsed.text).toBe('Десять штук есть.\n\n-- \nАнна Иванова\n+7 495 120-00-01');
    expect(found.files.map(({ name }) => name)).toEqual(['цены на насосы.txt', 'b.bin']);
    expect(found.files.map(({ content }) => Buffer.from(content))).toEqual([text, binary]);
  });

  describe('with formatting', () => {
    const html = '<p>Десять <b>штук</b></p><ul><li>есть</li></ul><blockquote><p>а надо?</p></blockquote>';
    const text = 'Десять штук\n\n- есть\n\n> а надо?';
    const logo = Buffer.from('\x89PNG logo', 'latin1');
    const managers = staff.managers.map((one) => ({
      ...one,
      signature: {
        ...{ text: null, company: 'Насосы', logo: { path: '/logo.png', mime: 'image/png' } },
        html: '<p><i>{manager.name}</i>, {company}</p><img src="cid:logo" width="90">',
      },
    }));
    const signed = { staff: { ...staff, managers } };

    it('carries text and HTML, the logo within, and files beside', async () => {
      files.set('t', Buffer.from('text'));
      const attachments = [{ blob: 't' as BlobId, name: 'a.bin', mime: 'application/octet-stream', bytes: 4 }];
      const letter = outbound({ text, earlier, replyTo, attachments });
      const found = await read(letter, { ...signed, formatting: { html, logo } });
      expect(found.parsed.html).toContain(`<div>${html}</div>\n<div>-- <br>\n<p><i>Анна Иванова</i>, Насосы</p>`);
      const cid = /src="cid:([^"]+)" width="90"/.exec(found.parsed.html ?? '')?.[1];
      expect(cid).toBe(`logo.patchbay.${letter.id}@our.example`);
      expect(found.files).toMatchObject([{ name: 'logo.png', contentId: cid }, { name: 'a.bin' }]);
      expect(Buffer.from(found.files[0]?.content ?? [])).toEqual(logo);
      const types = [...found.bytes.toString('latin1').matchAll(/^Content-Type: (multipart\/\w+|text\/\w+)/gim)];
      expect(types.map(([, type]) => type)).toEqual([
        'multipart/mixed',
        'multipart/alternative',
        'text/plain',
        'multipart/related',
        'text/html',
      ]);
    });

    it('is read without the letter that it answers, but with a quotation of the writer', async () => {
      const { parsed } = await read(outbound({ text, earlier, replyTo }), { ...signed, formatting: { html, logo } });
      const { own, quotedAt } = ownTextOf(parsed);
      expect(own).toBe(`${text}\n\n-- \nАнна Иванова, Насосы`);
      expect(parsed.html?.slice(quotedAt ?? 0)).toMatch(/^<div>15\.09\.2026 14:41, .*\n<blockquote type="cite">Цена/);
      const unsigned = await read(outbound({ text, earlier, replyTo }), { formatting: { html, logo: null } });
      expect(ownTextOf(unsigned.parsed).own).toBe(text);
    });

    it('puts the logo last if the signature has no place for it, and none into a plain letter', async () => {
      const plain = managers.map((one) => ({ ...one, signature: { ...one.signature, text: 'Анна', html: null } }));
      const change = { staff: { ...staff, managers: plain } };
      const { parsed } = await read(outbound(), { ...change, formatting: { html, logo } });
      expect(parsed.html).toMatch(/<div>-- <br>\nАнна<br>\n<img src="cid:logo\.[^"]+" alt="" ?\/?><\/div>/);
      const found = await read(outbound(), change);
      expect([found.parsed.html, found.files]).toEqual([null, []]);
    });
  });

  it('has the signature of its line if the writer has none', async () => {
    const lines = staff.lines.map((one) => ({ ...one, signature: signature('{manager.name}, {line}') }));
    const { parsed } = await read(outbound({ line: 'pumps' }), { staff: { ...staff, lines } });
    expect(parsed.text).toBe('Десять штук есть.\n\n-- \nАнна Иванова, Насосы');
    const other = await read(outbound(), { staff: { ...staff, lines } });
    expect(other.parsed.text).toBe('Десять штук есть.');
  });

  it('is composed identically each time, for the server and for the Sent folder', async () => {
    const letter = compose(
      outbound({ attachments: [{ blob: 't' as BlobId, name: 'a', mime: 'text/plain', bytes: 4 }] }),
      parts,
    );
    files.set('t', Buffer.from('text'));
    expect(await buffer(letter.open())).toEqual(await letter.build());
    expect(letter.size).toBeGreaterThan((await letter.build()).length);
  });

  it('is sent from the address of the line if that is ours', async () => {
    expect(compose(outbound({ line: 'pumps' }), parts).from).toBe('pumps@our.example');
    expect(compose(outbound({ line: 'info@our.example' }), parts).from).toBe('info@our.example');
    expect(compose(outbound({ line: 'boss@other.example' }), parts).from).toBe('sales@our.example');
  });

  it('cannot get headers from user input', async () => {
    const evil = 'x\r\nBcc: victim@other.example\r\n\r\nhidden';
    const [anna] = staff.managers;
    const named: Staff = { ...staff, managers: anna ? [{ ...anna, name: evil }] : [] };
    const to = { email: 'ivan@client.example', phone: null, account: null, name: evil };
    const attachments = [{ blob: 't' as BlobId, name: evil, mime: 'text/plain', bytes: 4 }];
    const replyTo = { subject: evil, messageId: `a@b>\r\nBcc: <victim@other.example`, references: evil };
    const { bytes, parsed } = await read(outbound({ subject: evil, to, attachments, replyTo }), { staff: named });

    expect(parsed.bcc).toEqual([]);
    expect(parsed.to).toHaveLength(1);
    expect(bytes.toString('latin1')).not.toMatch(/^bcc/im);
    expect(parsed.text).toBe('Десять штук есть.');
  });

  it.each([
    '',
    'nobody',
    'a@b@c.example',
    'a,b@c.example',
    'a b@c.example',
    'a@c.example\r\nRCPT TO:<x@y.example>',
    '<a@c.example>',
    'a@ex ample',
  ])('is not sent to %j', (email) => {
    const to = { email, phone: null, account: null, name: null };
    expect(() => compose(outbound({ to }), parts)).toThrow(BadAddressError);
  });

  it('supports internationalised addresses', async () => {
    const to = { email: 'иван@почта.рф', phone: null, account: null, name: null };
    expect(compose(outbound({ to }), parts).to).toBe('иван@xn--80a1acny.xn--p1ai');
    const { parsed } = await read(outbound({ to: { ...to, email: 'ivan@почта.рф' } }));
    expect(parsed.headers.get('to')?.[0]).toBe('ivan@xn--80a1acny.xn--p1ai');
    expect(parsed.to[0]?.address).toBe('ivan@почта.рф');
  });

  it('is marked if no human wrote it', async () => {
    const { parsed } = await read(outbound({ automatic: true }));
    expect(parsed.headers.get('auto-submitted')).toEqual(['auto-replied']);
    expect(automaticOf(parsed)).toBe('auto_reply');
  });

  it('is recognised in the Sent folder only', async () => {
    const letter = outbound();
    const { parsed } = await read(letter);
    const found = {
      letter: parsed,
      text: parsed.text,
      words: '',
      attachments: [],
      files: [],
      bounced: false,
      body: null,
      report: null,
      arrivedAt: now,
    };
    const where = { connection: 'sales', config, staff };
    expect(contactOf(found, { ...where, role: 'sent' }).aliases).toEqual([outboundKey(letter.id)]);
    expect(contactOf(found, { ...where, role: 'inbox' }).aliases).toEqual([]);
  });
});

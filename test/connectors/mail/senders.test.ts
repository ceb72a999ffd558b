import { describe, expect, it } from 'vitest';
import { contactOf } from '../../../src/connectors/mail/contact.ts';
import { readWhole } from '../../../src/connectors/mail/imap/read-letter.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { mailSettings, raw } from './support.ts';

const { blobs, log } = connectorContext('sales');

async function contactFor(headers: Record<string, string>, body: string, change: Partial<MailConfig> = {}) {
  const parts = { blobs, log, maxFileBytes: 10_000, jobs: inProcessJobs };
  const read = await readWhole(raw({ to: 'sales@our.example', ...headers }, body), Date.now(), parts);
  const config = mailSettings({ addresses: ['@our.example'], ...change });
  return contactOf(read, { connection: 'sales', role: 'inbox', config, staff: { managers: [], lines: [] } });
}

describe('a letter of a form', () => {
  const form = { from: 'Site <noreply@forms.example>', 'reply-to': 'Olga <olga@client.example>' };

  it("is the visitor's, with the site named", async () => {
    expect(await contactFor(form, 'Phone: 1')).toMatchObject({
      party: { email: 'olga@client.example', name: 'Olga' },
      automatic: null,
      attribution: { source: 'forms.example', ids: { site: 'forms.example' } },
      handle: { to: 'olga@client.example' },
    });
    expect((await contactFor({ ...form, 'auto-submitted': 'auto-generated' }, 'x')).automatic).toBeNull();
  });

  it.each([
    ['a service answers for itself', { ...form, 'reply-to': 'support@forms.example' }],
    ['a human names another address', { ...form, from: 'Ivan <ivan@forms.example>' }],
    ['it is a newsletter', { ...form, 'list-unsubscribe': '<https://forms.example>' }],
    ['nobody reads the answers', { ...form, 'reply-to': 'no-reply@other.example' }],
    ['we are to be answered', { ...form, 'reply-to': 'anna@our.example' }],
  ])('is none if %s', async (_, headers) => {
    const { party, attribution } = await contactFor(headers, 'x');
    expect(party.email).toBe(/[\w.]+@[\w.]+/.exec(headers.from)?.[0]);
    expect(attribution).toBeNull();
  });

  it('is one by the settings', async () => {
    const other = { ...form, from: 'zabor@site.example' };
    expect((await contactFor(other, 'x', { forms: ['@site.example'] })).party.email).toBe('olga@client.example');
    expect((await contactFor(form, 'x', { forms: ['@site.example'] })).party.email).toBe('noreply@forms.example');
    expect((await contactFor(form, 'x', { forms: 'none' })).party.email).toBe('noreply@forms.example');
  });
});

describe('a letter through a group', () => {
  it.each([
    ['x-original-from', 'Ivan <ivan@client.example>'],
    ['x-original-sender', 'ivan@client.example'],
  ])("is its writer's by %s, even if the group put its own address into From", async (name, writer) => {
    const headers = {
      from: "'Ivan' via Sales <sales@our.example>",
      'list-id': '<sales.our.example>',
      'list-post': '<mailto:sales@our.example>',
      precedence: 'list',
      [name]: writer,
    };
    const party = { email: 'ivan@client.example', name: 'Ivan' };
    expect(await contactFor(headers, 'Hello')).toMatchObject({ direction: 'inbound', automatic: null, party });
  });
});

describe('a letter of a program', () => {
  it.each([
    ['a daemon without a domain', { from: 'MAILER-DAEMON' }, 'x', 'bounce'],
    ['a post office', { from: 'postmaster@mx.example', subject: 'Undeliverable: Offer' }, 'x', 'bounce'],
    ['Russian words', { from: 'Почтовая служба <noreply@mx.example>', subject: 'Письмо не доставлено' }, 'x', 'bounce'],
    [
      'an empty sender',
      { from: 'x@mx.example', 'return-path': '<>', subject: 'Returned mail' },
      'Mailbox full: user unknown',
      'bounce',
    ],
    [
      'a human whose goods did not come',
      { subject: 'Заказ не доставлен' },
      'Заказ не был доставлен, пишу на почту',
      null,
    ],
    ['a human who sends a bounce on', { subject: 'Fwd: Undelivered Mail' }, '550 5.1.1 user unknown', null],
    ['a service that marks answers', { precedence: 'bulk', 'in-reply-to': '<a@our.example>' }, 'x', null],
    [
      'an out-of-office note',
      { subject: 'Автоматический ответ: Счёт', 'in-reply-to': '<a@our.example>' },
      'x',
      'auto_reply',
    ],
    ['a newsletter', { 'list-unsubscribe': '<https://shop.example>' }, 'x', 'list'],
    ['a list', { 'list-id': '<news.example>', 'in-reply-to': '<a@other.example>' }, 'x', 'list'],
  ] as const)('is told by %s', async (_, headers, body, automatic) => {
    expect((await contactFor(headers, body)).automatic).toBe(automatic);
  });
});

describe('a picture that the text shows', () => {
  const picture = (disposition: string) =>
    `--x\r\nContent-Type: text/html\r\n\r\n<img src="cid:a%40b">Hi\r\n--x\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <a@b>\r\n${disposition}\r\npng\r\n--x\r\nContent-Type: image/png; name=other.png\r\nContent-ID: <c@b>\r\n\r\npng2\r\n--x--`;

  it('is no attachment, and part of what tells letters apart', async () => {
    const headers = { 'content-type': 'multipart/related; boundary=x', 'message-id': '<1@client.example>' };
    const one = await contactFor(headers, picture(''));
    expect(one.attachments.map(({ name }) => name)).toEqual(['other.png']);
    expect(one.body?.inline).toMatchObject([{ contentId: 'a@b' }]);
    const two = await contactFor(headers, picture('').replace('png\r\n--x\r\n', 'gif\r\n--x\r\n'));
    expect(two.key).not.toBe(one.key);
  });
});

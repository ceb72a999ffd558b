import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { type MailConfig, MailSchema } from '../../../src/connectors/mail/schema.ts';
import { imapHostOf, serviceOf } from '../../../src/connectors/mail/service-of.ts';
import { mailServices } from '../../../src/connectors/mail/services.ts';
import { smtpServerOf } from '../../../src/connectors/mail/smtp/server.ts';
import { mailSettings } from './support.ts';

/** Settings as a user writes them, with defaults filled in; null if the schema rejects them. */
function written(given: object): MailConfig | null {
  const settings = Value.Default(MailSchema, { kind: 'mail', password: 'app password', ...given });
  return Value.Check(MailSchema, settings) ? (settings as MailConfig) : null;
}

describe('well-known mail services', () => {
  const all = mailServices.flatMap((service) => [
    ...service.domains.map((domain) => ({ service, given: { address: `anna@${domain}` } })),
    ...service.imap.map((host) => ({ service, given: { address: 'anna@our.example', imap: { host } } })),
  ]);

  it.each(all)('need no further settings for $given.address at $given.imap.host', ({ service, given }) => {
    const config = written(given);
    expect(config).not.toBeNull();
    if (config === null) return;
    expect(service.imap).toContain(imapHostOf(config));
    expect(config.imap).toMatchObject({ port: 993, tls: true });
    const found = serviceOf(config);
    // A company's own domain on Microsoft's server is not an Outlook.com mailbox.
    expect(found?.imap).toEqual(expect.arrayContaining([imapHostOf(config)]));
    const { host, port, tls } = (found ?? service).smtp;
    expect(smtpServerOf(config)).toEqual({ host, port, tls, login: true, keepsCopy: service.keepsCopy });
  });

  it.each([
    ['anna@outlook.com', undefined, 'smtp-mail.outlook.com'],
    ['anna@our.example', 'outlook.office365.com', 'smtp.office365.com'],
    ['anna@outlook.com', 'OUTLOOK.office365.com', 'smtp-mail.outlook.com'],
    ['anna@yandex.ru', 'imap.our.example', 'smtp.our.example'],
    ['anna@our.example', 'imap.yandex.ru', 'smtp.yandex.ru'],
    ['anna@our.example', 'mail.our.example', 'mail.our.example'],
  ])('for %s read at %s send by %s', (address, host, smtp) => {
    const config = written({ address, imap: { host } });
    expect(config === null ? null : smtpServerOf(config)?.host).toBe(smtp);
  });

  it.each([
    ['auto', 'smtp.gmail.com', true],
    ['auto', 'smtp.yandex.ru', false],
    ['server', 'smtp.yandex.ru', true],
    ['append', 'smtp.gmail.com', false],
  ] as const)('with copy %s at %s: the server keeps the copy: %s', (copy, host, keepsCopy) => {
    const smtp = { host, login: true, copy };
    expect(smtpServerOf(mailSettings({ smtp }))).toMatchObject({ keepsCopy });
  });

  it('are the only ones that need no server setting; others get an error with line and key', () => {
    expect(written({ address: 'anna@our.example' })).toBeNull();
    expect(written({ address: 'anna@notyandex.ru' })).toBeNull();
    const text = 'connectors:\n  sales:\n    kind: mail\n    address: anna@our.example\n    imap: { poll: 30 }\n';
    const read = () => parseConfig(text, 'a.yaml', { connectors: { mail: MailSchema }, destinations: {} }, {});
    expect(read).toThrow('a.yaml:5: connectors.sales.imap.host: is missing');
  });
});

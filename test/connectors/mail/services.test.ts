import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { type MailConfig, MailSchema } from '../../../src/connectors/mail/schema.ts';
import { imapHostOf, serviceOf } from '../../../src/connectors/mail/service-of.ts';
import { mailServices } from '../../../src/connectors/mail/services.ts';
import { smtpServerOf } from '../../../src/connectors/mail/smtp/server.ts';
import { mailSettings } from './support.ts';

/** Settings as somebody writes them, with the defaults filled in; null where the schema refuses them. */
function written(given: object): MailConfig | null {
  const settings = Value.Default(MailSchema, { kind: 'mail', password: 'app password', ...given });
  return Value.Check(MailSchema, settings) ? (settings as MailConfig) : null;
}

describe('the well-known mail services', () => {
  const all = mailServices.flatMap((service) => [
    ...service.domains.map((domain) => ({ service, given: { address: `anna@${domain}` } })),
    ...service.imap.map((host) => ({ service, given: { address: 'anna@our.example', imap: { host } } })),
  ]);

  it.each(all)('$given.address $given.imap.host is a whole configuration by itself', ({ service, given }) => {
    const config = written(given);
    expect(config).not.toBeNull();
    if (config === null) return;
    expect(service.imap).toContain(imapHostOf(config));
    expect(config.imap).toMatchObject({ port: 993, tls: true });
    const found = serviceOf(config);
    // A company's own domain at Microsoft's server is no mailbox of Outlook.com.
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
  ])('%s read at %s sends by %s', (address, host, smtp) => {
    const config = written({ address, imap: { host } });
    expect(config === null ? null : smtpServerOf(config)?.host).toBe(smtp);
  });

  it.each([
    ['auto', 'smtp.gmail.com', true],
    ['auto', 'smtp.yandex.ru', false],
    ['server', 'smtp.yandex.ru', true],
    ['append', 'smtp.gmail.com', false],
  ] as const)('%s at %s: the server keeps the copy: %s', (copy, host, keepsCopy) => {
    const smtp = { host, login: true, copy };
    expect(smtpServerOf(mailSettings({ smtp }))).toMatchObject({ keepsCopy });
  });

  it('are the only ones whose server need not be told, by line and key', () => {
    expect(written({ address: 'anna@our.example' })).toBeNull();
    expect(written({ address: 'anna@notyandex.ru' })).toBeNull();
    const text = 'connectors:\n  sales:\n    kind: mail\n    address: anna@our.example\n    imap: { poll: 30 }\n';
    const read = () => parseConfig(text, 'a.yaml', { connectors: { mail: MailSchema }, destinations: {} }, {});
    expect(read).toThrow('a.yaml:5: connectors.sales.imap.host: is missing');
  });
});

import { Value } from 'typebox/value';
import { type MailConfig, MailSchema } from '../../../src/connectors/mail/schema.ts';

/** Settings of the mailbox `sales@our.example`, with defaults for everything else. */
export function mailSettings(more: Partial<MailConfig> = {}, imap: Partial<MailConfig['imap']> = {}): MailConfig {
  const given = {
    kind: 'mail',
    address: 'sales@our.example',
    password: 'secret',
    imap: { host: '127.0.0.1', ...imap },
    ...more,
  };
  return Value.Parse(MailSchema, Value.Default(MailSchema, given)) as MailConfig;
}

/** A letter in its transfer encoding. */
export function raw(headers: Readonly<Record<string, string>>, body: string | Uint8Array): Uint8Array {
  const all = { from: 'Ivan <ivan@client.example>', to: 'sales@our.example', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([bytes(`${head.join('')}\r\n`), typeof body === 'string' ? bytes(body) : body]);
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

import { randomBytes } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { ScriptedPbx } from '../src/cli/demo/scripted-pbx.ts';
import { Signature } from '../src/runtime/http/standard-webhooks.ts';
import type { Dovecot } from '../test/real/mail/dovecot.ts';
import { FormSender, visitorsForm } from '../test/support/form-sender.ts';

/** Kinds of contacts. */
export type Kind = 'call' | 'letter' | 'message' | 'form';
export const kinds: readonly Kind[] = ['call', 'letter', 'message', 'form'];

/** The DID, mailbox and secret that the load uses. */
export const did = '74951200001';
export const mailbox = 'sales';
export const hookSecret = 'a secret of thirty-two characters';
/** Bytes of the file in each letter. */
export const fileOfLetter = 30_000;
/** Calls are played a hundred times faster than real time: a call rings for 40 ms and talks for 100 ms, with separate events. */
export const pbxSpeed = 100;
const call = { name: '', did, ringMs: 4000, talkMs: 10_000 };

/** The outside systems that the load uses. */
export interface Outside {
  readonly url: string;
  readonly agiPort: number;
  readonly pbx: ScriptedPbx;
  readonly dovecot: Dovecot;
}

/**
 * Creates contacts `start` to `start + count` of a kind, `atOnce` of them concurrently. Each has its own party, and every second party
 * is a client.
 */
export async function bring(kind: Kind, outside: Outside, start: number, count: number, atOnce: number): Promise<void> {
  const one = await way(kind, outside, atOnce);
  let next = start;
  const lane = async () => {
    while (next < start + count) {
      const n = next;
      next += 1;
      await one.bring(n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  one.close();
}

interface Way {
  bring(n: number): Promise<void>;
  close(): void;
}

async function way(kind: Kind, { url, agiPort, pbx, dovecot }: Outside, atOnce: number): Promise<Way> {
  const nothing = () => undefined;
  switch (kind) {
    case 'call':
      return {
        async bring(n) {
          await pbx.inbound({ ...call, from: `7916${phone(n)}` }, agiPort, new AbortController().signal);
        },
        close: nothing,
      };
    case 'letter':
      return { bring: async (n) => dovecot.deliver(mailbox, [await letterOf(n)]), close: nothing };
    case 'message': {
      const signature = new Signature(hookSecret);
      const sender = new FormSender(`${url}/api/v1/hooks/chat`, atOnce);
      return {
        async bring(n) {
          const text = `Добрый день! Сколько стоит доставка по заявке ${n}?`;
          const from = { id: String(n), name: 'Иван', phone: `+7916${phone(n)}` };
          const body = JSON.stringify({ type: 'message', id: `m-${n}`, from, text });
          expectOk(await sender.send(body, signature.sign(`m-${n}`, Date.now(), body)));
        },
        close: () => sender.close(),
      };
    }
    case 'form': {
      const sender = new FormSender(`${url}/api/v1/forms/site`, atOnce);
      return { bring: async (n) => expectOk(await sender.send(visitorsForm(n))), close: () => sender.close() };
    }
  }
}

/** Seven digits that are unique for each number. */
export function phone(n: number): string {
  return String(1_000_000 + n);
}

/** A typical business letter: a few lines of text and HTML, and a file. */
async function letterOf(n: number): Promise<Uint8Array> {
  const text = `Добрый день!\n\nПросим выставить счёт по заявке ${n}. Реквизиты во вложении.\n\nС уважением, Иван Петров\n`;
  return new MailComposer({
    from: `Иван Петров <client${n}@client.example>`,
    to: `${mailbox}@our.example`,
    subject: `Счёт по заявке ${n}`,
    messageId: `<${n}@client.example>`,
    text: text.repeat(4),
    html: `<div style="font-family:Arial">${text.repeat(4).replaceAll('\n', '<br>')}</div>`,
    attachments: [{ filename: 'реквизиты.pdf', contentType: 'application/pdf', content: randomBytes(fileOfLetter) }],
  })
    .compile()
    .build();
}

function expectOk(status: number | null): void {
  if (status !== 200) throw new Error(`expected status 200 for a contact of the bench, got ${status}`);
}

import { readFileSync } from 'node:fs';
import { moduleSchemas } from '../../../../src/cli/context.ts';
import { parseConfig } from '../../../../src/config/load.ts';
import { CallTracker } from '../../../../src/connectors/asterisk/tracker/call-tracker.ts';
import type { Fields } from '../../../../src/connectors/asterisk/tracker/model.ts';
import { mail } from '../../../../src/connectors/mail/connector.ts';
import type { MailConfig } from '../../../../src/connectors/mail/schema.ts';
import type { CallSnapshot, ContactEvent } from '../../../../src/domain/interaction/contact-event.ts';
import type { Blobs } from '../../../../src/domain/ports/blobs.ts';
import { defaultFormSettings } from '../../../../src/domain/written/form-settings.ts';
import { contactOf } from '../../../../src/forms/reading/contact.ts';
import { fieldsOfJson, fieldsOfPairs } from '../../../../src/forms/reading/fields.ts';
import { readSubmission } from '../../../../src/forms/reading/submission.ts';
import { recordings, type Step } from '../../../connectors/asterisk/tracker/support.ts';
import { endpointsFor } from '../../../support/asterisk-config.ts';
import { connectorContext } from '../../../support/connector-context.ts';
import { callCases, fieldConfig } from '../../../support/field-calls.ts';
import { fieldMessages, MessengerOffice, ownMessages } from '../../../support/field-messengers.ts';
import { formLine } from '../../../support/forms.ts';

/** What one case reported, in order. Times of calls are milliseconds since the case began. */
export interface Tape<Event extends ContactEvent = ContactEvent> {
  readonly name: string;
  readonly events: readonly Event[];
}

/** Chooses some cases of all. */
export type Choose = <Item>(items: readonly Item[]) => readonly Item[];

const folders = ['field-cases', 'own-cases'] as const;
const fixtures = (folder: string, kind: string) => new URL(`../../../fixtures/${folder}/${kind}/`, import.meta.url);

/** The event streams of the field cases and of a real Asterisk, through the tracker. */
export function callTapes(): readonly Tape<CallSnapshot>[] {
  const lines = fieldConfig.lines as unknown as readonly { readonly address: string }[];
  const numbers = new Set(lines.map(({ address }) => address));
  const field = folders.flatMap((folder) => {
    const { cases, steps } = callCases(folder);
    const files = Object.keys(cases).filter((file) => file.endsWith('.jsonl'));
    return files.map((file) => tracked(file, steps(file) as readonly Step[], fieldConfig.connector, numbers));
  });
  const recorded = recordings().map(({ name, steps }) => tracked(name, steps, undefined, new Set()));
  return [...field, ...recorded].filter(({ events }) => events.length > 0);
}

function tracked(
  name: string,
  steps: readonly Step[],
  settings: object | undefined,
  lines: ReadonlySet<string>,
): Tape<CallSnapshot> {
  const events: CallSnapshot[] = [];
  let now = 0;
  const options = {
    connection: 'pbx',
    endpoints: endpointsFor(settings),
    isLine: (number: string) => lines.has(number),
    lingerMs: 1000,
    maxCalls: 1000,
  };
  const tracker = new CallTracker(options, (snapshot) => events.push({ ...snapshot, seenAt: now } as CallSnapshot));
  const [first] = steps;
  for (const { at, event } of steps) {
    now = at - (first?.at ?? 0);
    tracker.handle(event.Event ?? '', event as Fields, now);
  }
  return { name, events };
}

/** When a snapshot of a tape was reported, in milliseconds since the case began. */
export function seenAt(snapshot: CallSnapshot): number {
  return (snapshot as CallSnapshot & { readonly seenAt: number }).seenAt;
}

/** Field letters through the mail connector. */
export async function letterTapes(blobs: Blobs, at: number, choose: Choose): Promise<readonly Tape[]> {
  const mailboxes = folders.map((folder) => mailboxOf(folder, blobs, at));
  const all = mailboxes.flatMap((mailbox) => mailbox.files.map((file) => ({ mailbox, file })));
  const tapes: Tape[] = [];
  for (const { mailbox, file } of choose(all)) tapes.push({ name: file, events: await mailbox.read(file) });
  return tapes.filter(({ events }) => events.length > 0);
}

function mailboxOf(folder: (typeof folders)[number], blobs: Blobs, at: number) {
  const url = fixtures(folder, 'letters');
  const { config, cases } = JSON.parse(readFileSync(new URL('expected.json', url), 'utf8')) as {
    readonly config: { readonly connectors: { readonly sales: object } };
    readonly cases: Readonly<Record<string, unknown>>;
  };
  const sales = { ...config.connectors.sales, password: 'secret', imap: { host: '127.0.0.1' } };
  const text = JSON.stringify({ ...config, connectors: { sales } });
  const { connectors, managers, lines } = parseConfig(text, 'field.yaml', moduleSchemas, {});
  const context = connectorContext('sales', { blobs, staff: () => ({ managers, lines }), clock: { now: () => at } });
  const mailbox = mail.create(connectors.sales as unknown as MailConfig, context) as {
    readonly replay?: (source: object) => Promise<void>;
  };
  const date = `Date: ${new Date(at).toUTCString()}`;
  const read = async (file: string) => {
    const dated = readFileSync(new URL(file, url), 'latin1').replace(/^Date: .*$/m, date);
    const before = context.events.length;
    await mailbox.replay?.({ facts: { role: 'inbox', arrivedAt: at }, bytes: Buffer.from(dated, 'latin1') });
    return context.events.slice(before);
  };
  return { files: Object.keys(cases), read };
}

/** Payloads of messengers, posted to the connectors. */
export async function messageTapes(blobs: Blobs, at: number, choose: Choose): Promise<readonly Tape[]> {
  const office = new MessengerOffice();
  await office.open();
  try {
    office.restart({ blobs, clock: { now: () => at } });
    const tapes: Tape[] = [];
    for (const name of choose([...Object.keys(fieldMessages), ...Object.keys(ownMessages)])) {
      const before = office.emitted.length;
      await office.play(name);
      tapes.push({ name, events: office.emitted.slice(before) });
    }
    return tapes.filter(({ events }) => events.length > 0);
  } finally {
    await office.close();
  }
}

/** The submissions of forms. */
export function formTapes(at: number): readonly Tape[] {
  return folders.flatMap((folder) => {
    const url = fixtures(folder, 'forms');
    const { config, cases } = JSON.parse(readFileSync(new URL('expected.json', url), 'utf8')) as {
      readonly config: { readonly lines: readonly { readonly id: string; readonly form?: object }[] };
      readonly cases: Readonly<Record<string, { readonly line: string; readonly interactions: readonly unknown[] }>>;
    };
    return Object.entries(cases).flatMap(([name, { line, interactions }]): readonly Tape[] => {
      if (interactions.length === 0) return [];
      const text = readFileSync(new URL(name, url), 'utf8').trim();
      const fields = name.endsWith('.json') ? fieldsOfJson(JSON.parse(text)) : fieldsOfPairs(new URLSearchParams(text));
      const settings = { ...defaultFormSettings, ...config.lines.find(({ id }) => id === line)?.form };
      const submission = readSubmission(fields ?? [], settings, { country: 'RU', referer: null, now: at });
      const about = { line: formLine('site'), settings, language: 'ru', attachments: [], now: at } as const;
      return [{ name, events: [contactOf(submission, about)] }];
    });
  });
}

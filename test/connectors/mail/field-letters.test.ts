import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleSchemas } from '../../../src/cli/context.ts';
import { parseConfig } from '../../../src/config/load.ts';
import { mail } from '../../../src/connectors/mail/connector.ts';
import type { MailConfig } from '../../../src/connectors/mail/schema.ts';
import type { FollowUp } from '../../../src/domain/follow-up/follow-up.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { differ } from '../../support/field-match.ts';
import { MessengerStore } from '../../support/messenger-store.ts';

interface Letters {
  readonly config: { readonly connectors: { readonly sales: object } };
  readonly cases: Readonly<Record<string, { interactions: unknown; leads?: number; tasks?: number }>>;
}

/** The letter as if it was written an hour ago, because old letters make no tasks. */
function rawLetter(file: URL, now: number): Uint8Array {
  const dated = 'Date: Tue, 24 Nov 2026 10:00:00 +0300';
  const written = `Date: ${new Date(now - 3_600_000).toUTCString().replace('GMT', '+0000')}`;
  return Buffer.from(readFileSync(file, 'latin1').replace(dated, written), 'latin1');
}

// Every letter goes through the connector, intake and a real store.
describe.each(['field-cases', 'own-cases'])('letters of %s', (name) => {
  const folder = new URL(`../../fixtures/${name}/letters/`, import.meta.url);
  const { config: given, cases } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Letters;
  const sales = { ...given.connectors.sales, password: 'secret', imap: { host: '127.0.0.1' } };
  const text = JSON.stringify({ ...given, connectors: { sales } });
  const { connectors, managers, lines } = parseConfig(text, 'field.yaml', moduleSchemas, {});
  let office: MessengerStore;
  beforeAll(async () => {
    office = await MessengerStore.open('sales', { staff: () => ({ managers, lines }) });
    await office.intake.apply([{ op: 'staff', staff: { managers, lines }, at: Date.now() }]);
  });
  afterAll(() => office.close());

  it.each(Object.entries(cases))('%s', async (file, expected) => {
    const found = new Map<string, Interaction>();
    const open = new Map<string, 'lead' | 'task'>();
    const stop = [
      office.intake.changes.on('change', ({ interaction }) => void found.set(interaction.id, interaction)),
      office.intake.changes.on('followUp', (news: FollowUp) => {
        const one = news.kind === 'lead' ? news.lead : news.task;
        if (one.state === 'open') open.set(one.id, news.kind);
        else open.delete(one.id);
      }),
    ];
    const now = Date.now();
    const mailbox = mail.create(connectors.sales as unknown as MailConfig, office.context);
    if (!('replay' in mailbox)) throw new Error('expected a connector that can replay');

    await (mailbox as { replay(source: object): Promise<void> }).replay({
      facts: { role: 'inbox', arrivedAt: now },
      bytes: rawLetter(new URL(file, folder), now),
    });
    for (const end of stop) end();

    expect(differ(expected.interactions, [...found.values()])).toBeNull();
    const count = (kind: 'lead' | 'task') => [...open.values()].filter((one) => one === kind).length;
    if (expected.leads !== undefined) expect(count('lead'), 'leads').toBe(expected.leads);
    if (expected.tasks !== undefined) expect(count('task'), 'tasks').toBe(expected.tasks);
  });
});

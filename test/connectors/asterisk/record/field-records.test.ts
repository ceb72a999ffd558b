import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleSchemas } from '../../../../src/cli/context.ts';
import { parseConfig } from '../../../../src/config/load.ts';
import { Endpoints } from '../../../../src/connectors/asterisk/endpoints/endpoints.ts';
import { lineFinder } from '../../../../src/connectors/asterisk/own-lines.ts';
import { CallRecord } from '../../../../src/connectors/asterisk/record/call-record.ts';
import { recordSource } from '../../../../src/connectors/asterisk/record/sources.ts';
import type { AsteriskConfig } from '../../../../src/connectors/asterisk/schema.ts';
import type { Lead, Task } from '../../../../src/domain/follow-up/follow-up.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../../src/domain/ports/store.ts';
import { Intake } from '../../../../src/intake/intake.ts';
import { openStore } from '../../../../src/intake/open-store.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { connectorContext } from '../../../support/connector-context.ts';
import { differ } from '../../../support/field-match.ts';
import { storeUrl } from '../../../support/test-store.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);

interface Case {
  readonly about: string;
  readonly interactions: unknown;
  readonly leads?: number;
  readonly tasks?: number;
}

interface Cases {
  readonly config: Readonly<Record<string, object>>;
  readonly cases: Readonly<Record<string, Case>>;
}

/** The rows of a file, moved from 24 November to yesterday: what is older owes nothing. Names may be in any charset. */
function rowsOf(file: URL): Buffer {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  return Buffer.from(readFileSync(file, 'latin1').replaceAll('2026-11-24', yesterday), 'latin1');
}

/** Each file goes through the reader, the intake and a store, as after a gap of the gateway. */
describe.each(['field-cases', 'own-cases'])('call records of %s', (name) => {
  const folder = new URL(`${name}/records/`, fixtures);
  const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Cases;
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-records-'));
  const { connector, ...rest } = expected.config;
  let store: Store;
  let intake: Intake;

  beforeAll(async () => {
    store = await openStore({
      url: storeUrl(join(directory, 'records.db')),
      country: 'RU',
      publicUrl: 'http://127.0.0.1',
    });
    intake = new Intake(store, silentLogger);
  });

  afterAll(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function recover(file: string) {
    const csv = join(directory, file);
    const connection = file.replace('.csv', '');
    const ami = { host: '127.0.0.1', username: 'pb', secret: 'pb' };
    const connectors = { [connection]: { ...connector, ami, cdr: { csv } } };
    const config = parseConfig(JSON.stringify({ ...rest, connectors }), 'field.yaml', moduleSchemas, {});
    const { managers, lines } = config;
    await intake.apply([{ op: 'staff', staff: { managers, lines }, at: Date.now() }]);
    const settings = config.connectors[connection] as unknown as AsteriskConfig;
    const context = connectorContext(connection, {
      country: config.company.country,
      staff: () => ({ managers, lines }),
      emit: (event) => intake.emit(event),
    });
    const record = new CallRecord({
      source: recordSource(settings, context),
      rules: { connection, endpoints: new Endpoints(settings), isLine: lineFinder(context) },
      context,
      onTrouble: () => undefined,
    });
    const found = {
      interactions: new Map<string, Interaction>(),
      leads: new Map<string, Lead>(),
      tasks: new Map<string, Task>(),
    };
    const stops = [
      intake.changes.on('change', ({ interaction }) => found.interactions.set(interaction.id, interaction)),
      intake.changes.on('followUp', (news) =>
        news.kind === 'lead' ? found.leads.set(news.lead.id, news.lead) : found.tasks.set(news.task.id, news.task),
      ),
    ];
    const taker = { emit: context.emit, isLive: () => false, isSeen: () => false };
    await record.read(taker);
    writeFileSync(csv, rowsOf(new URL(file, folder)));
    await record.read(taker);
    for (const stop of stops) stop();
    const open = (all: Iterable<Lead | Task>) => [...all].filter(({ state }) => state === 'open').length;
    return {
      interactions: [...found.interactions.values()],
      leads: open(found.leads.values()),
      tasks: open(found.tasks.values()),
    };
  }

  it.each(Object.entries(expected.cases))('%s', async (file, { about, interactions, leads, tasks }) => {
    const found = await recover(file);
    expect(differ(interactions, found.interactions), about).toBeNull();
    if (leads !== undefined) expect(found.leads, `leads: ${about}`).toBe(leads);
    if (tasks !== undefined) expect(found.tasks, `tasks: ${about}`).toBe(tasks);
  });
});

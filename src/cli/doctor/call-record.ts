import type { CelFacts } from '../../connectors/asterisk/record/cel/table.ts';
import { type RecordFacts, RecordUnreadable } from '../../connectors/asterisk/record/source.ts';
import { celTable, recordSource } from '../../connectors/asterisk/record/sources.ts';
import type { AsteriskConfig } from '../../connectors/asterisk/schema.ts';
import { docsLinks } from '../../domain/base/docs-links.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { PbxSession } from './pbx-session.ts';

/** How far the PBX's clock may be ahead before its times count as those of another zone. */
const clockAhead = 10 * 60_000;

/** Number of events among which each needed type is expected. */
const enoughEvents = 500;

/** Asterisk's modules that write a record, and the setting that reads it. */
const backends: Readonly<Record<string, string>> = {
  cdr_csv: 'cdr.csv',
  cdr_adaptive_odbc: 'cdr.mysql or cdr.postgres',
  cdr_odbc: 'cdr.mysql or cdr.postgres',
  cdr_mysql: 'cdr.mysql',
  cdr_pgsql: 'cdr.postgres',
  cdr_sqlite3_custom: 'cdr.sqlite',
};

/** Examines the configured call record: whether it can be read, has the needed columns, and agrees about the time. */
export async function examineRecord(name: string, settings: AsteriskConfig): Promise<readonly Finding[]> {
  const context = { clock: systemClock, signal: new AbortController().signal };
  const source = recordSource(settings, context);
  if (source === null) return [];
  const cel = celTable(settings);
  return [
    await finding(`${name}: call record`, async () => verdictOn(await source.inspect(), context.clock.now())),
    ...(cel === null
      ? []
      : [await finding(`${name}: channel events`, async () => verdictOnEvents(await cel.inspect()))]),
  ];
}

async function finding(what: string, verdict: () => Promise<Pick<Finding, 'ok' | 'detail'>>): Promise<Finding> {
  try {
    return { what, ...(await verdict()) };
  } catch (error) {
    if (!(error instanceof RecordUnreadable)) throw error;
    return { what, ok: false, detail: `${error.message} (see ${docsLinks.callRecord})` };
  }
}

/** Events that some calls do not have are not missed in a few rows. */
function verdictOnEvents({ missing, lacking, rows }: CelFacts): Pick<Finding, 'ok' | 'detail'> {
  const see = `(see ${docsLinks.callRecord})`;
  if (missing.length > 0)
    return { ok: false, detail: `events can't be read without the columns ${missing.join(', ')} ${see}` };
  if (rows === 0) return { ok: true, detail: 'readable; the cel table has no events yet' };
  if (rows < enoughEvents || lacking.length === 0) return { ok: true, detail: 'readable' };
  const detail = `the newest ${rows} events have no ${lacking.join(', ')}: add them to events= in cel.conf ${see}`;
  return { ok: false, detail };
}

function verdictOn({ missing, newest }: RecordFacts, now: number): Pick<Finding, 'ok' | 'detail'> {
  if (missing.length > 0) {
    const detail = `calls can't be read without the columns ${missing.join(', ')} (see ${docsLinks.callRecord})`;
    return { ok: false, detail };
  }
  if (newest === null) return { ok: true, detail: 'readable; it has no calls yet' };
  const time = new Date(newest).toISOString();
  if (newest > now + clockAhead) {
    return { ok: false, detail: `the newest call ends in the future (${time}): check timezone and cdr.utc` };
  }
  return { ok: true, detail: `readable; the newest call ended at ${time}` };
}

/**
 * Says which records the PBX writes, if none is configured. The account that `pbx-config` prints may not run commands, so usually
 * only the advice remains.
 */
export async function examineBackends(
  name: string,
  settings: Pick<AsteriskConfig, 'cdr'>,
  { client }: PbxSession,
): Promise<readonly Finding[]> {
  if (settings.cdr !== undefined) return [];
  const what = `${name}: call record`;
  const lost = 'none is configured, so calls while Patchbay is away are lost';
  const command = 'module show like cdr';
  const answer = await client.action('Command', { Command: command }).catch(() => null);
  const output = [answer?.fields.Output ?? ''].flat().join('\n');
  const found = Object.entries(backends).filter(([module]) => output.includes(`${module}.so`));
  const advice =
    answer === null
      ? `run on the PBX: asterisk -rx "${command}"`
      : found.length === 0
        ? 'the PBX loads no module that writes one; MikoPBX has its own, which cdr.mikopbx reads'
        : `the PBX writes ${found.map(([module, setting]) => `${module} (${setting})`).join(', ')}`;
  return [{ what, ok: true, detail: `${lost}; ${advice} (see ${docsLinks.callRecord})` }];
}

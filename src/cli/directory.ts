import { createReadStream } from 'node:fs';
import { answerQuestion } from '../answering/answer-question.ts';
import { entryOf } from '../domain/base/entry-of.ts';
import { momentOf } from '../domain/base/zoned-time.ts';
import { StaffIndex } from '../domain/directory/staff-index.ts';
import { importClients } from '../matching/import/import-clients.ts';
import { keepClients } from '../matching/import/keep-clients.ts';
import { DeviceStates } from '../router/device-states.ts';
import { explainRoute } from '../router/explain.ts';
import { type CommonOptions, print, UsageError } from './command.ts';
import { configOf, withStore } from './context.ts';

/** `patchbay import clients FILE`: imports a client directory. Rejected rows are listed with row, column and reason. */
export async function importFile(file: string, options: CommonOptions): Promise<void> {
  const config = configOf(options);
  const format = /\.(ndjson|jsonl)$/i.test(file) ? 'ndjson' : 'csv';
  const report = await withStore(config, async (store) =>
    importClients({
      source: createReadStream(file),
      format,
      country: config.company.region,
      keep: (clients) => keepClients(clients, (writes) => store.apply(writes), Date.now()),
      onProgress: ({ accepted, refused }) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${accepted} imported, ${refused} rejected`);
      },
    }),
  );
  if (process.stderr.isTTY) process.stderr.write('\n');
  const rows = report.rows.map((row) => `row ${row.row}, ${row.column ?? 'row'}: ${row.why}`);
  print(options, report, [`Clients imported: ${report.accepted}; rows rejected: ${report.refused}`, ...rows]);
  if (report.accepted === 0 && report.refused > 0) process.exitCode = 1;
}

/** `patchbay explain PHONE`: shows the match and route of a call, and why. The states of phones are not known here. */
export async function explain(
  phone: string,
  options: CommonOptions & { readonly line?: string; readonly at?: string },
): Promise<void> {
  const config = configOf(options);
  const at = options.at === undefined ? Date.now() : momentOf(options.at, config.company.timezone);
  if (at === null)
    throw new UsageError(
      `--at: expected a time like 2026-12-31T10:00 (in ${config.company.timezone}) or 2026-12-31T10:00+03:00, got "${options.at}"`,
    );
  const { match, answer } = await withStore(config, async (store) => {
    const turns = await store.read.lastTurns();
    return answerQuestion(
      { connection: null, phone, line: options.line ?? null, at, tried: [], call: null },
      {
        directory: store.directory,
        plan: config.routing,
        staff: new StaffIndex(config, config.company.region),
        devices: new DeviceStates(),
        turns: { last: (group) => entryOf(turns, group) ?? null },
      },
    );
  });
  print(options, { match, answer }, explainRoute(match, answer));
}

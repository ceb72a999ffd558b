import { parentPort, workerData } from 'node:worker_threads';
import { CsvReader } from './csv-reader.ts';
import type { FromParser, ImportStart, ToParser } from './messages.ts';
import { NdjsonReader } from './ndjson-reader.ts';
import type { ClientRow, RefusedRow, RowOutcome, RowReader } from './outcome.ts';

// Parses the file of an import in a thread, because a million clients must not delay calls.

if (parentPort === null) throw new Error('this file must be started as a thread by importClients');
const port = parentPort;
const { format, country } = workerData as ImportStart;
const reader: RowReader = format === 'csv' ? new CsvReader(country) : new NdjsonReader(country);
const maxListedRows = 1000;

port.on('message', (message: ToParser) => {
  try {
    port.postMessage(collect(message.type === 'end' ? reader.end() : reader.push(message.bytes)));
  } catch (error) {
    port.postMessage({ type: 'failed', message: (error as Error).message } satisfies FromParser);
  }
});

function collect(outcomes: Iterable<RowOutcome>): FromParser {
  const clients: ClientRow[] = [];
  const refused: RefusedRow[] = [];
  let refusedCount = 0;
  for (const outcome of outcomes) {
    if (outcome.ok) {
      clients.push({ row: outcome.row, client: outcome.client });
      continue;
    }
    refusedCount += 1;
    if (refused.length < maxListedRows) refused.push(outcome.refused);
  }
  return { type: 'rows', clients, refused, refusedCount };
}

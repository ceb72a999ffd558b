import { unreadable } from '../api/errors.ts';
import type { Answer, Command, Portal } from '../api/portal.ts';
import { answered, type Row, rowsOf } from '../directory/rows.ts';

/** Rows of each page of a list. The portal fixes it. */
const pageSize = 50;
/** Pages of one request, which counts once for the portal's limit and may take 60 seconds. */
const pagesPerBatch = 10;

/** The command for the page that begins `start` rows after the row with an id. It asks in the order of ids. */
export type PageCommand = (after: number, start: number) => Command;

/** How often a list may shrink while it is read. */
const maxShrunk = 5;

/**
 * All rows of a list. Rejects with a ServiceError if the portal does not tell all of them: what a page lacks must not
 * look like something that is not there.
 */
export async function* allRows(page: PageCommand, portal: Portal, signal: AbortSignal): AsyncGenerator<Row> {
  let [after, wanted, shrunk] = [0, 1, 0];
  for (;;) {
    const commands = Array.from({ length: wanted }, (_, i) => [`page${i}`, page(after, i * pageSize)] as const);
    const answers = await portal.batch(Object.fromEntries(commands), { signal });
    const pages = commands.map(([name]) => answered(answers[name]));
    const announced = totalOf(pages[0]);
    let left = announced;
    for (const answer of pages) {
      const rows = rowsOf(answer);
      // Once a row is deleted, those of the next pages move up, and the first of them would be passed over.
      if (totalOf(answer) < announced || rows.length < Math.min(left, pageSize)) {
        shrunk += 1;
        break;
      }
      for (const row of rows) {
        if (row.id <= after) throw unreadable();
        after = row.id;
        yield row;
      }
      left -= rows.length;
    }
    if (left <= 0) return;
    if (shrunk > maxShrunk) throw unreadable();
    wanted = Math.min(pagesPerBatch, Math.ceil(left / pageSize));
  }
}

function totalOf(answer: Answer | undefined): number {
  if (answer?.total == null) throw unreadable();
  return answer.total;
}

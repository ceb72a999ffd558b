import type { Command, Portal } from '../api/portal.ts';
import { answered, type Row, rowsOf, unreadable } from '../directory/rows.ts';

/** Rows of each page of a list. The portal fixes it. */
const pageSize = 50;
/** Pages of one request, which counts once for the portal's limit and may take 60 seconds. */
const pagesPerBatch = 10;

/** The command for the page that begins `start` rows after the row with an id. It asks in the order of ids. */
export type PageCommand = (after: number, start: number) => Command;

/**
 * All rows of a list. Rejects with a ServiceError if the portal does not tell all of them: what a page lacks must not
 * look like something that is not there.
 */
export async function* allRows(page: PageCommand, portal: Portal, signal: AbortSignal): AsyncGenerator<Row> {
  let [after, wanted] = [0, 1];
  for (;;) {
    const commands = Array.from({ length: wanted }, (_, i) => [`page${i}`, page(after, i * pageSize)] as const);
    const answers = await portal.batch(Object.fromEntries(commands), { signal });
    let left: number | null = null;
    for (const [name] of commands) {
      const answer = answered(answers[name]);
      const rows = rowsOf(answer);
      left ??= answer.total;
      if (left === null || rows.length !== Math.min(left, pageSize)) throw unreadable();
      for (const row of rows) {
        if (row.id <= after) throw unreadable();
        after = row.id;
        yield row;
      }
      left -= rows.length;
    }
    if (left === null || left === 0) return;
    wanted = Math.min(pagesPerBatch, Math.ceil(left / pageSize));
  }
}

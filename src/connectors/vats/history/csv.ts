/** A row of the list of ended calls by the names of its columns. */
export type HistoryRow = Readonly<Record<string, string>>;

/** The columns of the list. */
const columns = ['uid', 'type', 'client', 'account', 'via', 'start', 'wait', 'duration', 'record'] as const;
/** More rows than any company has calls between two readings. */
const maxRows = 50_000;

/** Reads the list of ended calls. A line with the names of the columns is left out. Takes linear time. */
export function readHistoryCsv(text: string): readonly HistoryRow[] {
  const rows: HistoryRow[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/, maxRows)) {
    const cells = cellsOf(line);
    if (cells.length < columns.length - 1 || cells[0]?.toLowerCase() === 'uid') continue;
    rows.push(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])));
  }
  return rows;
}

/** The cells of a line. Quotes stand around cells with commas, and are doubled inside. */
function cellsOf(line: string): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at];
    if (sign === '"' && isQuoted && line[at + 1] === '"') {
      cell += sign;
      at += 1;
    } else if (sign === '"') isQuoted = !isQuoted;
    else if (sign === ',' && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell.trim()];
}

/** A record of a CSV file, or why it was rejected. */
export type CsvRecord =
  | { readonly ok: true; readonly cells: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Maximum length of a record in characters, so that an unclosed quote cannot read the whole file into memory. */
const maxRecordLength = 256 * 1024;
const maxCells = 500;
const delimiters = [';', ',', '\t'] as const;

/** The delimiter that occurs most often in a header line, outside quotes. */
export function detectDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counted = delimiters.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

/** Parses RFC 4180 records from chunks of text. Quoted cells may contain delimiters, doubled quotes and line breaks. */
export class CsvParser {
  readonly #delimiter: string;
  readonly #special: RegExp;
  #text = '';
  /** Where the search continues, and whether that position is inside quotes. */
  #at = 0;
  #quoted = false;
  #tooBig = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
    this.#special = /["\n]/g;
  }

  /** Returns the records completed by this chunk. */
  *push(piece: string): Generator<CsvRecord> {
    this.#text += piece;
    let start = 0;
    for (let end = this.#nextEnd(); end >= 0; end = this.#nextEnd()) {
      const record = this.#text.slice(start, end);
      start = end + 1;
      if (this.#tooBig || record.length > maxRecordLength) yield tooLong;
      else if (record.trim() !== '') yield this.#split(record);
      this.#tooBig = false;
    }
    this.#text = this.#text.slice(start);
    this.#at -= start;
    if (this.#text.length > maxRecordLength) {
      // Skip to the next line break, regardless of quotes.
      this.#text = '';
      this.#at = 0;
      this.#quoted = false;
      this.#tooBig = true;
    }
  }

  /** Returns the last record if the file does not end with a line break. */
  *end(): Generator<CsvRecord> {
    if (this.#quoted) yield { ok: false, why: 'has a quote that is never closed' };
    else yield* this.push('\n');
  }

  /** Index of the next line break outside quotes, or -1. */
  #nextEnd(): number {
    this.#special.lastIndex = this.#at;
    for (let hit = this.#special.exec(this.#text); hit !== null; hit = this.#special.exec(this.#text)) {
      this.#at = hit.index + 1;
      if (hit[0] === '"') this.#quoted = !this.#quoted;
      else if (!this.#quoted) return hit.index;
    }
    this.#at = this.#text.length;
    return -1;
  }

  #split(record: string): CsvRecord {
    const line = record.endsWith('\r') ? record.slice(0, -1) : record;
    if (!line.includes('"')) return limited(line.split(this.#delimiter));
    const cells: string[] = [];
    for (let at = 0; at <= line.length; ) {
      const cell = line[at] === '"' ? this.#quotedCell(line, at) : this.#bareCell(line, at);
      if (cell === null) return { ok: false, why: 'has text after a closing quote' };
      cells.push(cell.text);
      at = cell.next;
    }
    return limited(cells);
  }

  #bareCell(line: string, from: number): { text: string; next: number } {
    const found = line.indexOf(this.#delimiter, from);
    const end = found < 0 ? line.length : found;
    return { text: line.slice(from, end), next: end + 1 };
  }

  #quotedCell(line: string, from: number): { text: string; next: number } | null {
    let at = from + 1;
    while (true) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return null;
      if (line[quote + 1] !== '"') {
        const behind = line[quote + 1];
        if (behind !== undefined && behind !== this.#delimiter) return null;
        return { text: line.slice(from + 1, quote).replaceAll('""', '"'), next: quote + 2 };
      }
      at = quote + 2;
    }
  }
}

const tooLong: CsvRecord = {
  ok: false,
  why: `is longer than ${maxRecordLength} characters; check for an unclosed quote`,
};

function limited(cells: readonly string[]): CsvRecord {
  return cells.length > maxCells ? { ok: false, why: `has more than ${maxCells} cells` } : { ok: true, cells };
}

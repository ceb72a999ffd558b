import { parseClientBody } from '../client-body.ts';
import { CsvParser, type CsvRecord, detectDelimiter } from './csv.ts';
import { type ColumnRole, columnRole } from './header.ts';
import { ImportFormatError, type RowOutcome, type RowReader } from './outcome.ts';
import { TextStream } from './text-stream.ts';

interface Column {
  readonly name: string;
  readonly role: ColumnRole | null;
}

const maxHeaderLength = 16 * 1024;
/** Separates several numbers in a cell. A comma only separates if what follows looks like another complete number. */
const between = /[;\n|/]|,(?=\s*\+?\d[\d\s()-]{6,})/;
const people = new Set(['person', 'individual', 'физлицо', 'физическое лицо', 'частное лицо']);

/** Reads clients from a CSV exported by a spreadsheet or CRM, with any delimiter and encoding. */
export class CsvReader implements RowReader {
  readonly #text = new TextStream();
  readonly #country: string;
  #head = '';
  #parser: CsvParser | null = null;
  #columns: readonly Column[] | null = null;
  #row = 0;

  constructor(country: string) {
    this.#country = country;
  }

  *push(bytes: Uint8Array): Generator<RowOutcome> {
    yield* this.#take(this.#text.decode(bytes));
  }

  *end(): Generator<RowOutcome> {
    yield* this.#take(this.#text.end());
    if (this.#parser === null) yield* this.#take('\n');
    if (this.#parser !== null) for (const record of this.#parser.end()) yield* this.#record(record);
    if (this.#columns === null) throw new ImportFormatError('expected a header line with the columns id and name');
  }

  *#take(text: string): Generator<RowOutcome> {
    let piece = text;
    if (this.#parser === null) {
      this.#head += text;
      const end = this.#head.indexOf('\n');
      if (end < 0 && this.#head.length <= maxHeaderLength) return;
      if (end < 0 || end > maxHeaderLength)
        throw new ImportFormatError('the header line is too long; check that this is a CSV file');
      this.#parser = new CsvParser(detectDelimiter(this.#head.slice(0, end)));
      piece = this.#head;
      this.#head = '';
    }
    for (const record of this.#parser.push(piece)) yield* this.#record(record);
  }

  *#record(record: CsvRecord): Generator<RowOutcome> {
    this.#row += 1;
    if (this.#columns === null) {
      this.#columns = readHeader(record);
      return;
    }
    if (record.ok) yield this.#client(this.#columns, record.cells);
    else yield this.#refused(null, record.why);
  }

  #refused(column: string | null, why: string): RowOutcome {
    return { ok: false, refused: { row: this.#row, column, why } };
  }

  #client(columns: readonly Column[], cells: readonly string[]): RowOutcome {
    const one = (role: ColumnRole) => firstFilled(columns, cells, role);
    const own = manyOf(columns, cells, 'phone', 'email');
    const theirs = manyOf(columns, cells, 'contactPhone', 'contactEmail');
    const contact = one('contact');
    const person =
      contact === null ? [] : [{ id: 'main', name: contact, identifiers: theirs.map((it) => it.identifier) }];
    // Without a name for the contact person, assign the person's numbers to the client.
    const identifiers = contact === null ? [...own, ...theirs] : own;
    const body = {
      name: one('name') ?? '',
      kind: people.has((one('kind') ?? '').toLowerCase()) ? 'person' : 'company',
      responsible: one('responsible'),
      segment: one('segment'),
      url: one('url'),
      identifiers: identifiers.map((it) => it.identifier),
      contacts: person,
    };
    const parsed = parseClientBody(one('id') ?? '', body, this.#country);
    if (parsed.ok) return { ok: true, row: this.#row, client: parsed.client };
    const [problem] = parsed.problems;
    const path = problem?.path ?? '';
    const index = Number(/identifiers\/(\d+)/.exec(path)?.[1] ?? Number.NaN);
    const source = path.startsWith('/contacts') ? theirs : identifiers;
    const role = problem?.code === 'id' ? 'id' : path.split('/')[1];
    const column = source[index]?.column ?? columns.find((it) => it.role === role)?.name ?? null;
    return this.#refused(column, problem?.message ?? 'is no client');
  }
}

function readHeader(record: CsvRecord): readonly Column[] {
  if (!record.ok) throw new ImportFormatError(`the header line ${record.why}`);
  const columns = record.cells.map((cell) => {
    const name = cell.replace(/^\uFEFF/, '').trim();
    return { name: name.slice(0, 100), role: columnRole(name) };
  });
  for (const needed of ['id', 'name'] as const) {
    if (!columns.some((column) => column.role === needed))
      throw new ImportFormatError(
        `no column "${needed}" in the header; expected one of: ${needed === 'id' ? 'id, код' : 'name, название, наименование'}`,
      );
  }
  return columns;
}

/** The first filled cell of a role. A lone dash means "none". */
function firstFilled(columns: readonly Column[], cells: readonly string[], role: ColumnRole): string | null {
  for (const [i, column] of columns.entries()) {
    const value = column.role === role ? (cells[i] ?? '').trim() : '';
    if (value !== '' && value !== '-' && value !== '—') return value;
  }
  return null;
}

type Found = {
  readonly column: string;
  readonly identifier: { readonly kind: 'phone' | 'email'; readonly value: string };
};

function manyOf(
  columns: readonly Column[],
  cells: readonly string[],
  phone: ColumnRole,
  email: ColumnRole,
): readonly Found[] {
  return columns.flatMap((column, i): Found[] => {
    if (column.role !== phone && column.role !== email) return [];
    const kind = column.role === phone ? 'phone' : 'email';
    const values = (cells[i] ?? '').split(kind === 'phone' ? between : /[;,\s]+/).map((value) => value.trim());
    return values
      .filter((value) => value !== '' && value !== '-' && value !== '—')
      .map((value) => ({ column: column.name, identifier: { kind, value } }));
  });
}

import { StringDecoder } from 'node:string_decoder';
import { parseClientBody } from '../client-body.ts';
import type { RowOutcome, RowReader } from './outcome.ts';

/** Maximum length of a line in characters. A client with hundreds of identifiers fits. */
const maxLineLength = 512 * 1024;

/** Reads one client per line: the body of `PUT /clients/{id}` plus its `id`. */
export class NdjsonReader implements RowReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #country: string;
  #rest = '';
  #row = 0;
  #tooLong = false;

  constructor(country: string) {
    this.#country = country;
  }

  *push(bytes: Uint8Array): Generator<RowOutcome> {
    yield* this.#take(this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)));
  }

  *end(): Generator<RowOutcome> {
    yield* this.#take(`${this.#decoder.end()}\n`);
  }

  *#take(text: string): Generator<RowOutcome> {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#row += 1;
      if (this.#tooLong || line.length > maxLineLength)
        yield this.#refused(null, `is longer than ${maxLineLength} characters`);
      else if (line.trim() !== '') yield this.#client(line);
      this.#tooLong = false;
    }
    if (this.#rest.length > maxLineLength) {
      this.#rest = '';
      this.#tooLong = true;
    }
  }

  #client(line: string): RowOutcome {
    let value: unknown;
    try {
      value = JSON.parse(line.replace(/^\uFEFF/, ''));
    } catch {
      return this.#refused(null, 'is not JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.#refused(null, 'expected a JSON object');
    const { id, ...body } = value as Record<string, unknown>;
    if (typeof id !== 'string') return this.#refused('/id', 'expected a string');
    const parsed = parseClientBody(id, body, this.#country);
    if (parsed.ok) return { ok: true, row: this.#row, client: parsed.client };
    const [problem] = parsed.problems;
    return this.#refused(problem?.code === 'id' ? '/id' : problem?.path || null, problem?.message ?? 'is no client');
  }

  #refused(column: string | null, why: string): RowOutcome {
    return { ok: false, refused: { row: this.#row, column, why } };
  }
}

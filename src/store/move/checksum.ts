import { createHash } from 'node:crypto';
import type { ColumnKind, TableShape } from './shapes.ts';

/** A row as PostgreSQL stores it, in the order of the shape's columns. */
export type Row = readonly (string | number | boolean | Buffer | null)[];

/**
 * The row count of a table and the sum of its row checksums, as a decimal number. The order of rows does not matter.
 */
export interface Tally {
  readonly rows: number;
  readonly sum: string;
}

/*
 * A row is written as its values one after the other, each as `length in bytes:text`, null as `-`; the checksum is the
 * first 60 bits of that text's SHA-256. PostgreSQL computes the same in SQL, so that no row travels back to be compared.
 */

/** A row's checksum, 15 hex digits. */
export function rowChecksum(row: Row): string {
  return createHash('sha256').update(row.map(valueText).join('')).digest('hex').slice(0, 15);
}

/** The SQL that computes the same 15 digits in PostgreSQL; `prefix` precedes the column names. */
export function rowChecksumSql({ columns }: TableShape, prefix = ''): string {
  const texts = Object.entries(columns).map(([name, kind]) => {
    const text = textSql(`${prefix}${name}`, kind);
    return `coalesce(octet_length(${text}) || ':' || ${text}, '-')`;
  });
  return `left(encode(sha256(convert_to(${texts.join(' || ')}, 'UTF8')), 'hex'), 15)`;
}

/** The SQL for the tally of a whole table. */
export function tallySql(shape: TableShape): string {
  return `SELECT count(*) AS rows, coalesce(sum(('x' || ${rowChecksumSql(shape)})::bit(60)::bigint), 0)::text AS sum FROM ${shape.name}`;
}

/** Adds up checksums the way PostgreSQL does. */
export class Tallying {
  #rows = 0;
  #sum = 0n;

  add(checksum: string): void {
    this.#rows += 1;
    this.#sum += BigInt(`0x${checksum}`);
  }

  get tally(): Tally {
    return { rows: this.#rows, sum: String(this.#sum) };
  }
}

function valueText(value: Row[number]): string {
  if (value === null) return '-';
  const text = Buffer.isBuffer(value) ? value.toString('hex') : String(typeof value === 'boolean' ? +value : value);
  return `${Buffer.byteLength(text)}:${text}`;
}

function textSql(name: string, kind: ColumnKind): string {
  switch (kind) {
    case 'text':
    case 'json':
      return name;
    case 'number':
      return `${name}::text`;
    case 'flag':
      return `${name}::int::text`;
    case 'bytes':
      return `encode(${name}, 'hex')`;
  }
}

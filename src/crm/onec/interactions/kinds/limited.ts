import type { Fields } from '../../../../runtime/http/fields.ts';
import type { Mapping } from '../../metadata/mapping.ts';
import { fitting } from '../attributes.ts';

/** Texts of a set, each cut to the length of its attribute. */
export function limited(texts: Readonly<Record<string, string>>, set: string, mapping: Mapping): Fields {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fitting(text, set, name, mapping)]));
}

/** Rows of a section, numbered as 1C wants them, with texts that are cut to the length of their columns. */
export function rowsOf(rows: readonly Fields[], section: string, set: string, mapping: Mapping): readonly Fields[] {
  return rows.map((row, index) => {
    const columns = Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' ? fitting(value, set, `${section}/${name}`, mapping) : value,
    ]);
    return { LineNumber: String(index + 1), ...Object.fromEntries(columns) };
  });
}

import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { tableShapes } from '../../../src/store/move/shapes.ts';
import { unknownColumns } from '../../../src/store/move/source.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';

it('the shapes list exactly the columns of the SQLite store', () => {
  const db = new Sqlite(':memory:');
  migrate(db);
  expect(unknownColumns(db)).toEqual([]);
  for (const { name, columns, from = name, select = {}, order } of tableShapes) {
    const asked = [...Object.keys(columns).map((column) => select[column] ?? column), ...order];
    expect(() => db.prepare(`SELECT ${asked.join(', ')} FROM ${from}`)).not.toThrow();
  }
  db.close();
});

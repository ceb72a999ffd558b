import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrations } from '../../src/store/postgres/migrations.ts';
import { readMigrations } from '../../src/store/shared/migration.ts';
import { knownMigrations } from '../../src/store/sqlite/migrate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-migrations-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = () => readMigrations(pathToFileURL(`${folder}/`));

test.each([
  ['sqlite', knownMigrations()],
  ['postgres', migrations],
])('the migrations of %s are numbered from 1 without a gap', (_, list) => {
  expect(list.map(({ version }) => version)).toEqual(list.map((_, index) => index + 1));
});

test('a migration is read from its file', () => {
  writeFileSync(join(folder, '002-more.sql'), '-- name: more of it\n-- phase: expand\n\nCREATE TABLE b (c TEXT);\n');
  writeFileSync(join(folder, '001-some.sql'), '-- name: some\nCREATE TABLE a (b TEXT);\n');
  expect(read().map(({ version, name, header }) => [version, name, header.get('phase')])).toEqual([
    [1, 'some', undefined],
    [2, 'more of it', 'expand'],
  ]);
});

test.each(['1-short.sql', '001-Some.sql', 'some.sql'])('a file named %s is refused', (name) => {
  writeFileSync(join(folder, name), '-- name: some\n');
  expect(read).toThrow(`${name}: expected a name like 001-the-spine.sql`);
});

test('a migration without a name is refused', () => {
  writeFileSync(join(folder, '001-some.sql'), 'CREATE TABLE a (b TEXT);\n');
  expect(read).toThrow('001-some.sql: expected a line "-- name: "');
});

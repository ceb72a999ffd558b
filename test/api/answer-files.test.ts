import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-answers-'));
const path = join(directory, 'прайс.pdf');
const answer = {
  ...{ id: 'price', title: 'Price', text: 'x', subject: null, language: null, departments: [], channels: [] },
  files: [{ name: 'прайс.pdf', mime: 'application/pdf', bytes: 3, path }],
};
let office: Office;

beforeEach(async () => {
  writeFileSync(path, 'ten');
  office = await openOffice({ cannedAnswers: () => [answer] });
});
afterEach(async () => {
  await office.close();
  rmSync(directory, { recursive: true, force: true });
});

it('names the files of canned answers, but not where they lie, and serves them while they exist', async () => {
  const { items } = (await (await office.call('GET', '/api/v1/answers')).json()) as { items: unknown[] };
  expect(items).toEqual([{ ...answer, files: [{ name: 'прайс.pdf', mime: 'application/pdf', bytes: 3 }] }]);
  const file = await office.call('GET', '/api/v1/answers/price/files/0');
  expect([file.headers.get('content-type'), await file.text()]).toEqual(['application/pdf', 'ten']);
  for (const other of ['price/files/1', 'none/files/0'])
    expect((await office.call('GET', `/api/v1/answers/${other}`)).status).toBe(404);
  rmSync(path);
  expect((await office.call('GET', '/api/v1/answers/price/files/0')).status).toBe(404);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import type { Finding } from './fuzz.ts';
import { targets } from './targets.ts';
import { tryInput } from './trial.ts';

const folder = new URL('found/', import.meta.url);
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

it.each(targets.map(({ name }) => name))('%s reads the smallest inputs', async (target) => {
  for (const repeat of ['', ' ', '\0', '\ud83d'])
    expect(
      (await inProcessJobs.run(tryInput, { target, shape: { begin: '', repeat, end: '' }, characters: 1 })).fault,
    ).toBeNull();
});

// Inputs the fuzzer has found. The fuzzer measures times; here only the test's own limit applies.
it.each(names)('handles a found input: %s', async (name) => {
  const found = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Finding;
  const input = 'text' in found ? { text: found.text } : { shape: found.shape, characters: 100_000 };
  expect((await inProcessJobs.run(tryInput, { target: found.target, ...input })).fault).toBeNull();
});

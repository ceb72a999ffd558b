import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFormSettings } from '../../../src/domain/written/form-settings.ts';
import { FormTooLargeError, fieldsOfJson, fieldsOfPairs } from '../../../src/forms/reading/fields.ts';
import { readSubmission } from '../../../src/forms/reading/submission.ts';

const folder = new URL('../../fixtures/field-cases/forms/', import.meta.url);
const names = readdirSync(folder).filter((name) => name !== 'expected.json');
const texts = names.map((name) => readFileSync(new URL(name, folder), 'utf8').trim());
const json = texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as object);
const pairs = texts.filter((text) => !text.startsWith('{')).map((text) => [...new URLSearchParams(text)]);
/** For more runs: `PATCHBAY_FUZZ_RUNS=20000`, and another `PATCHBAY_FUZZ_SEED`. */
const numRuns = Number(process.env.PATCHBAY_FUZZ_RUNS ?? 500);
const seed = Number(process.env.PATCHBAY_FUZZ_SEED ?? 4);

function read(fields: () => ReturnType<typeof fieldsOfJson>): void {
  try {
    const found = fields();
    if (found === null) return;
    const about = { country: 'RU', referer: null, now: 0 };
    const { answers } = readSubmission(found, defaultFormSettings, about);
    expect(answers.length).toBeLessThanOrEqual(200);
  } catch (error) {
    if (!(error instanceof FormTooLargeError)) throw error;
  }
}

/** Replaces one value somewhere in a body. */
function damaged(node: unknown, place: number, value: unknown): unknown {
  let left = place;
  const walk = (one: unknown): unknown => {
    left -= 1;
    if (left === 0) return value;
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(node);
}

describe('damaged submissions of services', () => {
  it('are read or refused as too large, whatever stands in place of a value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...json), fc.integer({ min: 1, max: 60 }), fc.jsonValue(), (body, place, value) =>
        read(() => fieldsOfJson(damaged(body, place, value))),
      ),
      { numRuns, seed },
    );
  });

  it('are read if their pairs are cut, mixed and renamed', () => {
    const mixed = fc.tuple(fc.constantFrom(...pairs), fc.constantFrom(...pairs), fc.nat(40), fc.nat(30), fc.string());
    fc.assert(
      fc.property(mixed, ([one, other, at, cut, text]) => {
        const list = [...one.slice(0, at), ...other].map(([name, value]): [string, string] => [
          at % 3 === 0 ? name.slice(0, cut) : name,
          at % 3 === 1 ? value.slice(0, cut) + text : value,
        ]);
        read(() => fieldsOfPairs(list));
      }),
      { numRuns, seed },
    );
  });
});

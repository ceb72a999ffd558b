import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormSettings } from '../../../src/domain/written/form-settings.ts';
import { differ } from '../../support/field-match.ts';
import { type FormOffice, openFormOffice } from '../../support/forms.ts';

interface FormCase {
  readonly line: string;
  readonly interactions: readonly unknown[];
}

interface Forms {
  readonly config: { readonly lines: readonly { readonly id: string; readonly form?: Partial<FormSettings> }[] };
  readonly cases: Readonly<Record<string, FormCase>>;
}

// The field cases, and the cases of our own that were written without a look at the code.
describe.each(['field-cases', 'own-cases'])('forms of %s', (name) => {
  const folder = new URL(`../../fixtures/${name}/forms/`, import.meta.url);
  const { config, cases } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Forms;
  let office: FormOffice;
  beforeAll(async () => {
    office = await openFormOffice(Object.fromEntries(config.lines.map(({ id, form }) => [id, form ?? {}])));
  });
  afterAll(() => office.close());

  it.each(Object.entries(cases))('%s', async (file, { line, interactions }) => {
    const before = (await office.taken()).length;
    const leads = (await office.store.read.leads({ limit: 200, cursor: null })).items.length;
    const type = file.endsWith('.json') ? 'application/json' : 'application/x-www-form-urlencoded';
    const body = readFileSync(new URL(file, folder), 'utf8').trim();
    const answer = await office.submit(line, body, { 'content-type': type });

    expect(answer.status).toBe(200);
    const taken = (await office.taken()).slice(before);
    expect(differ(interactions, taken)).toBeNull();
    expect((await office.store.read.leads({ limit: 200, cursor: null })).items.length - leads).toBe(
      interactions.length,
    );
    expect(taken.map(({ text }) => text).join('\n')).not.toMatch(/\[object|undefined|\{"/);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { editorSchema } from '../../src/config/editor-schema.ts';

const directory = new URL('../../config/', import.meta.url);
const schema = editorSchema(moduleSchemas) as object;

describe('the schema for editors', () => {
  it('matches the schema file next to the examples', () => {
    const kept: unknown = JSON.parse(readFileSync(new URL('patchbay.schema.json', directory), 'utf8'));
    expect(kept, 'write it anew: npx patchbay schema > config/patchbay.schema.json').toEqual(schema);
  });

  it.each(readdirSync(directory).filter((name) => name.endsWith('.yaml')))('accepts %s', (name) => {
    const file: unknown = parse(readFileSync(new URL(name, directory), 'utf8')) ?? {};
    expect([...Value.Errors(schema, file)]).toEqual([]);
  });

  it('allows secret references in text fields with a pattern, and rejects what the loader rejects', () => {
    const managers = (id: string) => ({ managers: [{ id, name: 'A', extensions: ['101'] }] });
    expect(Value.Check(schema, managers('${env:MANAGER}'))).toBe(true);
    expect(Value.Check(schema, managers('no spaces allowed'))).toBe(false);
    expect(Value.Check(schema, { compny: {} })).toBe(false);
    expect(Value.Check(schema, { connectors: { pbx: { kind: 'asterisk', amy: {} } } })).toBe(false);
    expect(Value.Check(schema, { connectors: { pbx: { kind: 'telex' } } })).toBe(false);
  });
});

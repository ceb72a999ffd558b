import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect, it } from 'vitest';
import { Bitrix24Schema } from '../../src/crm/bitrix24/schema.ts';
import { ItoolabsSchema } from '../../src/crm/itoolabs/schema.ts';
import { OnecSchema } from '../../src/crm/onec/schema.ts';

const isValid = (schema: TSchema, settings: object) => Value.Check(schema, Value.Default(schema, settings));

/** Whether a core takes an address of this host. */
const cores: Readonly<Record<string, (host: string) => boolean>> = {
  bitrix24: (host) => isValid(Bitrix24Schema, { kind: 'bitrix24', webhook: `${host}/rest/1/secret/` }),
  onec: (host) => {
    const base = { kind: 'onec', username: 'patchbay', password: 'secret', preset: 'ut11' };
    return isValid(OnecSchema, { ...base, url: `${host}/ut/odata/standard.odata/` });
  },
  itoolabs: (host) => {
    const url = `${host}/unf/hs/telephony/itoolabs`;
    return isValid(ItoolabsSchema, { kind: 'itoolabs', key: 'secret', url });
  },
};

it.each(Object.entries(cores))('%s sends its secrets over https, or to this machine', (_kind, accepts) => {
  const safe = ['https://crm.example.com', 'http://127.0.0.1:8081', 'http://localhost', 'http://[::1]:80'];
  expect(safe.filter(accepts)).toEqual(safe);
  const open = ['http://crm.example.com', 'http://127.0.0.1.example.com', 'http://localhost@crm.example.com'];
  expect(open.filter(accepts)).toEqual([]);
});

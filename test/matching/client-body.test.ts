import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseClientBody } from '../../src/matching/client-body.ts';

it('fills in missing fields, normalises identifiers and removes duplicates', () => {
  const identifiers = [
    { kind: 'phone', value: '8 (916) 000-00-01' },
    { kind: 'phone', value: '+79160000001' },
    { kind: 'email', value: 'Info@Example.COM' },
  ];
  const parsed = parseClientBody('crm:1', { name: 'Ромашка\r\n', identifiers }, 'RU');
  expect(parsed).toEqual({
    ok: true,
    client: {
      id: 'crm:1',
      name: 'Ромашка',
      kind: 'company',
      responsible: null,
      segment: null,
      url: null,
      identifiers: [
        { kind: 'phone', value: '+79160000001' },
        { kind: 'email', value: 'info@example.com' },
      ],
      contacts: [],
      deals: [],
      fields: [],
    },
  });
});

it('keeps every number of a field', () => {
  const body = { name: 'A', identifiers: [{ kind: 'phone', value: '8-999-000-00-01/8-999-000-00-02' }] };
  expect(parseClientBody('1', body, 'RU')).toMatchObject({
    client: {
      identifiers: [
        { kind: 'phone', value: '+79990000001' },
        { kind: 'phone', value: '+79990000002' },
      ],
    },
  });
});

it('rejects invalid identifiers with their paths, but without their values', () => {
  const bad = [{ kind: 'phone', value: '101' }];
  const parsed = parseClientBody(
    '1',
    { name: 'A', identifiers: bad, contacts: [{ id: 'p', name: 'P', identifiers: bad }] },
    'RU',
  );
  expect(parsed).toMatchObject({
    ok: false,
    problems: [
      { path: '/identifiers/0/value', code: 'identifier' },
      { path: '/contacts/0/identifiers/0/value', code: 'identifier' },
    ],
  });
});

it.each([
  [{}, '1'],
  [{ name: '' }, '1'],
  [{ name: ' \n' }, '1'],
  [{ name: 'A', colour: 'red' }, '1'],
  [{ name: 'A', url: 'javascript:alert(1)' }, '1'],
  [{ name: 'A' }, ''],
  [{ name: 'A' }, 'a b'],
  [{ name: 'A' }, '../x'],
  [null, '1'],
  [[], '1'],
])('rejects %j under the id %j', (body, id) => {
  expect(parseClientBody(id, body, 'RU').ok).toBe(false);
});

it('never throws, whatever the input', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (id, body) => {
      const parsed = parseClientBody(id, body, 'RU');
      expect(parsed.ok || parsed.problems.length > 0).toBe(true);
    }),
  );
});

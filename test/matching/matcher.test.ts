import { expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { DirectoryReader } from '../../src/domain/directory/client.ts';
import { Matcher } from '../../src/matching/matcher.ts';

const client = {
  id: 'c1' as ClientId,
  name: 'C',
  kind: 'company',
  responsible: null,
  segment: null,
  url: null,
} as const;

function directory(known: Readonly<Record<string, boolean>>): DirectoryReader & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    hits: ({ kind, value }) => {
      asked.push(`${kind}:${value}`);
      return known[value] ? [{ client, contact: null }] : [];
    },
    choice: () => null,
    client: () => client,
  };
}

it.each(['8 916 000-00-01', '+7 (916) 000 00 01', '79160000001', '+79160000001, доб. 12'])(
  'finds the client of %s',
  (phone) => {
    const match = new Matcher(directory({ '+79160000001': true }), 'RU').match({ phone });
    expect(match).toMatchObject({ outcome: 'matched', client: { id: 'c1' } });
  },
);

it('skips the directory for internal numbers, short codes, invalid and withheld numbers', () => {
  const asked = directory({});
  for (const phone of ['101', '112', '', 'anonymous', '0'.repeat(1000), null])
    expect(new Matcher(asked, 'RU').match({ phone }).outcome).toBe('unknown');
  expect(asked.asked).toEqual([]);
});

it('tries the e-mail address if the phone number matches nobody', () => {
  const given = directory({ 'a@example.com': true });
  const match = new Matcher(given, 'RU').match({ phone: '+79160000002', email: 'A@Example.com' });
  expect(match.outcome).toBe('matched');
  expect(given.asked).toEqual(['phone:+79160000002', 'email:a@example.com']);
});

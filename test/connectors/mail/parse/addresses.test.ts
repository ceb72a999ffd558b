import { describe, expect, it } from 'vitest';
import { parseAddresses } from '../../../../src/connectors/mail/parse/addresses.ts';
import { normaliseEmail } from '../../../../src/domain/directory/email-address.ts';

describe('an address header', () => {
  it.each([
    ['Ivan <ivan@client.example>', [['ivan@client.example', 'Ivan']]],
    ['ivan@client.example (Ivan Petrov)', [['ivan@client.example', 'Ivan Petrov']]],
    ['Иванов, Иван <ivan@client.example>', [['ivan@client.example', 'Иванов, Иван']]],
    [
      '"Petrov, Ivan" <ivan@client.example>, b@b.example',
      [
        ['ivan@client.example', 'Petrov, Ivan'],
        ['b@b.example', null],
      ],
    ],
    ['ООО "Пример" <ivan@client.example>', [['ivan@client.example', 'ООО "Пример"']]],
    ['"Ivan <ivan@client.example>', [['ivan@client.example', 'Ivan']]],
    ['Ivan <ivan@client.example', [['ivan@client.example', 'Ivan']]],
    ['Ivan <<ivan@client.example>>', [['ivan@client.example', 'Ivan']]],
    ['ivan@client.example <ivan@client.example>', [['ivan@client.example', null]]],
    ['<mailto:ivan@client.example>', [['ivan@client.example', null]]],
    ['ivan@client.example.', [['ivan@client.example', null]]],
    [
      'a@a.example; b@b.example',
      [
        ['a@a.example', null],
        ['b@b.example', null],
      ],
    ],
    [
      'Team: a@a.example, B <b@b.example>;',
      [
        ['a@a.example', null],
        ['b@b.example', 'B'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['"ivan petrov"@client.example', [['"ivan petrov"@client.example', null]]],
    ['"ivan.petrov"@client.example', [['ivan.petrov@client.example', null]]],
    ['Ivan <ivan@xn--80a1acny.xn--p1ai>', [['ivan@почта.рф', 'Ivan']]],
    ['"sales@our.example" <eve@other.example>', [['eve@other.example', 'sales@our.example']]],
    ["'Ivan' <ivan@client.example>", [['ivan@client.example', 'Ivan']]],
    ['Ivan <>', []],
    ['MAILER-DAEMON', []],
  ] as const)('%s', (header, expected) => {
    expect(parseAddresses([header]).map(({ address, name }) => [address, name])).toEqual(expected);
  });
});

describe('an e-mail address', () => {
  it.each([
    [' Ivan@Client.Example ', 'ivan@client.example'],
    ['ivan@xn--80a1acny.xn--p1ai', 'ivan@почта.рф'],
    ['ivan@почта.рф', 'ivan@почта.рф'],
    ['ivan@client.example.', 'ivan@client.example'],
    ['"ivan petrov"@client.example', '"ivan petrov"@client.example'],
    ['ivan@localhost', null],
    ['ivan@.example', null],
    ['a b@client.example', null],
    ['"a\r\nb"@client.example', null],
    ['@client.example', null],
  ])('%j is normalised', (raw, email) => {
    expect(normaliseEmail(raw)).toBe(email);
  });
});

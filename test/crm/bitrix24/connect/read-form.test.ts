import { expect, it } from 'vitest';
import { readForm } from '../../../../src/crm/bitrix24/events/read-form.ts';

const read = (text: string) => readForm(Buffer.from(text));

it('reads nested brackets, lists and escapes', () => {
  expect(
    read('event=A&data%5BFIELDS%5D%5BID%5D=5&data[MESSAGES][0][im][chat_id]=7&data[MESSAGES][1][t]=a+b%26'),
  ).toEqual({
    event: 'A',
    data: { FIELDS: { ID: '5' }, MESSAGES: [{ im: { chat_id: '7' } }, { t: 'a b&' }] },
  });
  expect(read('a[]=1&a[]=2&b[2]=x')).toEqual({ a: ['1', '2'], b: { '2': 'x' } });
});

it('lets the later of two meanings win', () => {
  expect(read('a=1&a[b]=2')).toEqual({ a: { b: '2' } });
  expect(read('a[b]=2&a=1')).toEqual({ a: '1' });
});

it('takes no key for more than a key', () => {
  const found = read('__proto__[polluted]=1&a[constructor][prototype][polluted]=1&a[__proto__]=2');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(found ?? {})).toEqual(['__proto__', 'a']);
});

it.each([
  ['too deep', `a${'[b]'.repeat(9)}=1`],
  ['with an unfinished bracket', 'a[b=1'],
  ['with text between brackets', 'a[b]c[d]=1'],
  ['with too many pairs', 'a=1&'.repeat(5001)],
  ['too long', `a=${'x'.repeat(1024 * 1024)}`],
])('refuses a form that is %s', (_, text) => {
  expect(read(text)).toBeNull();
});

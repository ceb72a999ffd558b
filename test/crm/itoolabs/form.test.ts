import { describe, expect, it } from 'vitest';
import { formBody } from '../../../src/crm/itoolabs/form.ts';
import { unfParameters } from '../../support/onec/telephony/parameters.ts';

const received = (value: string) => unfParameters(formBody({ value, next: '1' }));

describe('the body of a request', () => {
  it.each([
    ['Ромашка & сыновья', 'Ромашка ＆ сыновья'],
    ['a=b', 'a＝b'],
    ['ООО "Ромашка"', 'ООО ”Ромашка”'],
    ['50% + 1', '50% + 1'],
    ['http://pbx/r?a=1&b=2', 'http://pbx/r?a%3D1%26b%3D2'],
  ])('brings %s through УНФ, which decodes before it splits', (value, expected) => {
    expect(received(value).get('value')).toBe(expected);
    expect(received(value).get('next')).toBe('1');
  });

  it('leaves out what is null', () => {
    expect(formBody({ a: null, b: '' })).toBe('b=');
  });
});

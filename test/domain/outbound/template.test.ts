import { describe, expect, it } from 'vitest';
import { fieldsOf, type MessageTemplate, shownTemplate, templateText } from '../../../src/domain/outbound/template.ts';
import { faultsOf, fillTemplate } from '../../../src/domain/outbound/template-fill.ts';

const template = (more: Partial<MessageTemplate>): MessageTemplate => ({
  name: 't',
  language: 'ru',
  category: null,
  isNamed: false,
  header: null,
  body: 'Привет',
  footer: null,
  buttons: [],
  examples: {},
  ...more,
});
const codes = (one: MessageTemplate, values: Record<string, string>, files: { mime: string; bytes: number }[] = []) =>
  Object.fromEntries(faultsOf(one, values, files).map(({ field, code }) => [field, code]));

describe('message templates', () => {
  it('ask for each placeholder once, numbers by value', () => {
    const ids = (body: string) => fieldsOf(template({ body })).map(({ id }) => id);
    expect(ids('{{10}} {{2}} {{1}} {{2}}')).toEqual(['body.1', 'body.2', 'body.10']);
    expect(ids('{{name}} {{day}} {{name}}')).toEqual(['body.name', 'body.day']);
    expect(ids('{{}} {{a b}} {1}')).toEqual([]);
  });

  it('show gaps, and keep values that look like placeholders or patterns', () => {
    const one = template({ body: '{{1}} и {{2}}' });
    expect(shownTemplate(one, { 'body.1': '{{2}} $& $1' }, (name) => `[${name}]`).body).toBe('{{2}} $& $1 и [2]');
  });

  it('take no more than WhatsApp takes', () => {
    const body = template({ body: '{{1}}' });
    expect(codes(body, { 'body.1': 'x'.repeat(1024) })).toEqual({});
    expect(codes(body, { 'body.1': 'x'.repeat(1025) })).toEqual({ 'body.1': 'tooLong' });
    expect(codes(body, { 'body.1': 'a    b' })).toEqual({});
    expect(codes(body, { 'body.1': 'a     b' })).toEqual({ 'body.1': 'spaces' });
    expect(codes(body, { 'body.1': 'a\tb' })).toEqual({ 'body.1': 'lineBreak' });
    const header = template({ header: { kind: 'text', text: 'Заказ {{1}}' } });
    expect(codes(header, { 'header.1': 'x'.repeat(54) })).toEqual({});
    expect(codes(header, { 'header.1': 'x'.repeat(55) })).toEqual({ 'header.1': 'tooLong' });
    const code = template({ buttons: [{ kind: 'code', text: 'Copy' }] });
    expect(codes(code, { 'button.0': 'x'.repeat(21) })).toEqual({ 'button.0': 'tooLong' });
    expect(codes(code, { 'button.1': 'x' })).toEqual({ 'button.0': 'missing', 'button.1': 'unknown' });
  });

  it('know places', () => {
    const place = template({ header: { kind: 'location' } });
    const values = {
      'location.latitude': '55.75',
      'location.longitude': '-37.6',
      'location.name': 'Офис',
      'location.address': 'Тверская',
    };
    expect(codes(place, values)).toEqual({});
    expect(codes(place, { ...values, 'location.latitude': '91' })).toEqual({ 'location.latitude': 'notCoordinate' });
    expect(codes(place, { ...values, 'location.longitude': '37,6' })).toEqual({
      'location.longitude': 'notCoordinate',
    });
    expect(templateText(place, values)).toBe('Офис\nТверская\ngeo:55.75,-37.6\n\nПривет');
  });

  it('take exactly one file of their kind', () => {
    const picture = template({ header: { kind: 'image' } });
    const png = { mime: 'image/png', bytes: 10 };
    expect(codes(picture, {}, [png])).toEqual({});
    expect(codes(picture, {})).toEqual({ file: 'fileMissing' });
    expect(codes(picture, {}, [png, png])).toEqual({ file: 'fileMissing' });
    expect(codes(picture, {}, [{ mime: 'image/gif', bytes: 10 }])).toEqual({ file: 'fileKind' });
    expect(codes(picture, {}, [{ mime: 'image/png', bytes: 6e6 }])).toEqual({ file: 'fileTooLarge' });
    expect(codes(template({}), {}, [png])).toEqual({ file: 'fileExtra' });
  });

  it('need no values for buttons that lead to a fixed place', () => {
    const one = template({
      buttons: [
        { kind: 'url', text: 'Сайт', url: 'https://a.example/' },
        { kind: 'phone', text: 'Позвонить', phone: '+74951234567' },
        { kind: 'reply', text: 'Хорошо' },
      ],
    });
    expect(fieldsOf(one)).toEqual([]);
    expect(fillTemplate(one, {})).toMatchObject({
      filled: { buttonValues: [], header: null },
      text: 'Привет\n\n[Сайт] https://a.example/\n[Позвонить] +74951234567\n[Хорошо]',
    });
  });
});

import { expect, it } from 'vitest';
import type { MessageTemplate } from '../../src/domain/outbound/template.ts';
import { findTemplates } from '../../web/src/pages/desk/card/templates/find.ts';

const template = (name: string, language: string, body = 'x'): MessageTemplate => ({
  name,
  language,
  category: null,
  isNamed: false,
  header: null,
  body,
  footer: null,
  buttons: [],
  examples: {},
});
const all = [
  template('order_ready', 'en_US'),
  template('order_ready', 'ru'),
  template('new_order', 'ru'),
  template('greeting', 'ru', 'Ваш заказ и ещё'),
];
const names = (query: string) => findTemplates(all, query, null).map(({ name }) => name);

it('finds templates by their names and words, and takes underscores for spaces', () => {
  expect(names('')).toEqual(['greeting', 'new_order', 'order_ready']);
  expect(names('order')).toEqual(['order_ready', 'new_order']);
  expect(names('order r')).toEqual(['order_ready']);
  expect(names('order_r')).toEqual(['order_ready']);
  expect(names('ЕЩЕ')).toEqual(['greeting']);
  expect(names('nothing')).toEqual([]);
});

it('offers the client’s language first', () => {
  const languages = (language: 'ru' | 'en') =>
    findTemplates(all, 'order_ready', language)[0]?.translations.map((one) => one.language);
  expect(languages('ru')).toEqual(['ru', 'en_US']);
  expect(languages('en')).toEqual(['en_US', 'ru']);
});

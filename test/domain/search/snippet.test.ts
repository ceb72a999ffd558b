import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { snippetOf } from '../../../src/domain/search/snippet.ts';

const of = (more: Partial<Interaction>) =>
  ({
    subject: null,
    text: null,
    notes: [],
    attachments: [],
    participants: [],
    party: { email: null },
    ...more,
  }) as unknown as Interaction;
const shown = (interaction: Interaction, question: string) =>
  snippetOf(interaction, question)
    .map(({ text, isHit }) => (isHit ? `[${text}]` : text))
    .join('');

describe('the snippet of a found interaction', () => {
  it.each([
    ['Вышлите договоры поставки', 'договором', 'Вышлите [договоры] поставки'],
    ['<b>Договор</b>', 'договор', '<b>[Договор]</b>'],
    ['тел. 8 (916) 123-45-67.', '+79161234567', 'тел. [8 (916) 123-45-67].'],
    ['пишите ivan@mail.example!', 'ivan@ma', 'пишите [ivan@mail.example]!'],
    ['счёт и счета', 'счет', '[счёт] и [счета]'],
    ['ничего', 'цитата', 'ничего'],
  ])('of %j for %j', (text, question, expected) => {
    expect(shown(of({ text }), question)).toBe(expected);
  });

  it('is the part around the first hit, between whole words', () => {
    const text = `${'начало '.repeat(50)}насос ${'конец '.repeat(50)}`;
    const found = shown(of({ text }), 'насосы');
    expect(found).toMatch(/^…начало .*\[насос\] конец .*…$/);
    expect(found.length).toBeLessThan(240);
  });

  it('is of a note, a file or the subject if the text has fewer hits', () => {
    const notes = [{ by: { id: 'a', name: 'A' }, at: '', text: 'Просил скидку' }];
    expect(shown(of({ text: 'Добрый день', notes }), 'скидка')).toBe('Просил [скидку]');
    expect(shown(of({ text: 'Добрый день', subject: 'Договор 17' }), 'договор 17')).toBe('[Договор] [17]');
  });
});

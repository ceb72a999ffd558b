import { describe, expect, it } from 'vitest';
import { textOfBb } from '../../../../src/crm/bitrix24/open-lines/bb-text.ts';

describe('the text of an operator', () => {
  it.each([
    ['[b]Anna Ivanova:[/b] [br]Good day', 'Good day'],
    ['[b]Anna Ivanova:[/b]', ''],
    ['Price: [b]100[/b] [i]RUB[/i][br]Today', 'Price: 100 RUB\nToday'],
    ['[url=https://our.example/a]the price list[/url], please', 'the price list (https://our.example/a), please'],
    ['[URL]https://our.example[/URL]', 'https://our.example'],
    ['[url=https://our.example]https://our.example[/url]', 'https://our.example'],
    ['[USER=17]Anna[/USER], have a look', 'Anna, have a look'],
    ['[size=20][color=#ff0000]Now[/color][/size]', 'Now'],
    ['[list][*]one[*]two[/list]', '– one\n– two'],
    ['an array a[0] and [what is this]', 'an array a[0] and [what is this]'],
    ['[url=https://our.example]unfinished', 'unfinished (https://our.example)'],
    ['[b]no name[/b] here', 'no name here'],
  ])('of %j is %j', (bb, text) => {
    expect(textOfBb(bb)).toBe(text);
  });

  it('of a hundred thousand brackets is read at once', () => {
    const brackets = '[url='.repeat(100_000);
    expect(textOfBb(brackets)).toBe(brackets);
  });
});

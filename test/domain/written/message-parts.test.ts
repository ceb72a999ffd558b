import { describe, expect, it } from 'vitest';
import { attachmentsAfter, textAfter } from '../../../src/domain/written/message-parts.ts';
import type { WrittenContact } from '../../../src/domain/written/written-contact.ts';

const contact = (more: Partial<WrittenContact>) =>
  ({ text: null, attachments: [], ...more }) as unknown as WrittenContact;
const file = (id: string) => ({ id, name: id, mime: 'image/jpeg', bytes: 1, url: id });
const part = (textBefore: string | null = null) => ({ part: { textBefore } });

describe('the text of a known message', () => {
  it('is that of the latest version, or stays if that has none', () => {
    expect(textAfter('old', contact({ text: 'new' }))).toBe('new');
    expect(textAfter('old', contact({}))).toBe('old');
  });

  it('loses the names of files once they are there, but no words of the client', () => {
    const arrived = { placeholder: '[a.jpg]', attachments: [{}] as never };
    expect(textAfter('[a.jpg]', contact(arrived))).toBeNull();
    expect(textAfter('[a.jpg]\nlook', contact(arrived))).toBe('look');
    expect(textAfter('look [a.jpg]', contact(arrived))).toBe('look [a.jpg]');
    expect(textAfter('[a.jpg]', contact({ placeholder: '[a.jpg]' }))).toBe('[a.jpg]');
  });

  it('collects the words of its parts', () => {
    expect(textAfter(null, contact({ text: 'one', ...part() }))).toBe('one');
    expect(textAfter('one', contact({ text: 'two', ...part() }))).toBe('one\ntwo');
    expect(textAfter('one\ntwo', contact({ text: 'one', ...part() }))).toBe('one\ntwo');
    expect(textAfter('one', contact({ ...part() }))).toBe('one');
  });

  it('changes only the words of the edited part', () => {
    expect(textAfter('100\n10', contact({ text: '12', ...part('10') }))).toBe('100\n12');
    expect(textAfter('two\nlines\nmore', contact({ text: 'one', ...part('two\nlines') }))).toBe('one\nmore');
    expect(textAfter('one\ntwo', contact({ ...part('two') }))).toBe('one');
    // The connector does not know the words before the edit: better too many than too few.
    expect(textAfter('one', contact({ text: 'uno', ...part() }))).toBe('one\nuno');
  });
});

describe('the attachments of a known message', () => {
  it('are those of the latest version, or stay if that has none', () => {
    expect(attachmentsAfter([file('a')], [file('b')], {})).toEqual([file('b')]);
    expect(attachmentsAfter([file('a')], [], {})).toEqual([file('a')]);
  });

  it('are collected from its parts, each once', () => {
    expect(attachmentsAfter([file('a')], [file('a'), file('b')], part())).toEqual([file('a'), file('b')]);
  });
});

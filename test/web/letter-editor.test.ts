import { describe, expect, it } from 'vitest';
import { linkAddress } from '../../web/src/pages/desk/card/editor/link-address.ts';
import { htmlForMail, htmlOfText, plainText, type TextNode } from '../../web/src/pages/desk/card/editor/plain-text.ts';

const words = (text: string, href?: string): TextNode => ({
  type: 'text',
  text,
  ...(href !== undefined && { marks: [{ type: 'link', attrs: { href } }] }),
});
const paragraph = (...content: TextNode[]): TextNode => ({ type: 'paragraph', content });
const item = (...content: TextNode[]): TextNode => ({ type: 'listItem', content });
const doc = (...content: TextNode[]) => plainText({ type: 'doc', content });

describe('a formatted letter as plain text', () => {
  it('separates paragraphs by blank lines, and keeps line breaks', () => {
    expect(doc(paragraph(words('a'), { type: 'hardBreak' }, words('b')), paragraph(words('c')), paragraph())).toBe(
      'a\nb\n\nc',
    );
  });

  it('marks lists and quotations, also nested ones', () => {
    const inner = { type: 'orderedList', attrs: { start: 2 }, content: [item(paragraph(words('c')))] };
    const list = { type: 'bulletList', content: [item(paragraph(words('a'))), item(paragraph(words('b')), inner)] };
    expect(doc(list)).toBe('- a\n- b\n  2. c');
    expect(doc({ type: 'blockquote', content: [paragraph(words('a')), paragraph(words('b'))] })).toBe('> a\n>\n> b');
  });

  it('writes the address of a link behind it once, unless it is the words of the link', () => {
    const href = 'https://shop.example/';
    expect(doc(paragraph(words('our ', href), words('shop', href), words('.')))).toBe(`our shop (${href}).`);
    expect(doc(paragraph(words('shop.example', href)))).toBe('shop.example');
    expect(doc(paragraph(words('a@b.example', 'mailto:a@b.example')))).toBe('a@b.example');
  });
});

it('makes a plain text HTML for the editor', () => {
  expect(htmlOfText('a < b\nc\n\nd & e')).toBe('<p>a &lt; b<br>c</p><p>d &amp; e</p>');
  expect(htmlOfText('')).toBe('');
});

it('makes the editor’s HTML fit for mail programs', () => {
  expect(htmlForMail('<p>a</p><p></p><ul><li><p>b</p><ul><li><p>c</p></li></ul></li></ul>')).toBe(
    '<p>a</p><p><br></p><ul><li>b<ul><li>c</li></ul></li></ul>',
  );
});

it.each([
  ['shop.example', 'https://shop.example'],
  ['shop.example:8080/a', 'https://shop.example:8080/a'],
  ['http://shop.example', 'http://shop.example'],
  ['ivan@shop.example', 'mailto:ivan@shop.example'],
  ['+7(495)120-00-01', 'tel:+7(495)120-00-01'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['two words', null],
  ['  ', null],
])('reads %j as the address %j', (typed, address) => {
  expect(linkAddress(typed)).toBe(address);
});

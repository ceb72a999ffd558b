import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writtenHtml } from '../../../src/api/letters/written-html.ts';
import { vectors } from '../../real/xss/vectors.ts';

describe('the HTML of a letter that somebody writes', () => {
  it('keeps what the editor makes', () => {
    const letter =
      '<p><strong>Ten</strong> <em>pumps</em> <u>by</u> <s>Monday</s><br />or <a href="https://shop.example/a?b=1&amp;c=2">here</a></p><ul><li>one</li></ul><ol start="3"><li>two</li></ol><blockquote><p>three</p></blockquote>';
    expect(writtenHtml(letter)).toBe(letter);
  });

  it.each([
    ['javascript:', '<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
    ['a relative address', '<a href="/api/v1/clients">a</a>', '<a>a</a>'],
    ['data:', '<a href="data:text/html,x">a</a>', '<a>a</a>'],
    ['mailto:', '<a href="mailto:a@b.example">a</a>', '<a href="mailto:a@b.example">a</a>'],
    ['tel:', '<a href="tel:+74951200001">a</a>', '<a href="tel:+74951200001">a</a>'],
  ])('keeps or drops a link by its scheme: %s', (_, html, clean) => {
    expect(writtenHtml(html)).toBe(clean);
  });

  it('drops pictures, scripts, handlers and forms, and closes what was left open', () => {
    const html =
      '<form><p onclick="x()">a<img src="https://spy.example/1.gif"><script>b()</script><input name="c">d</div><b>e';
    expect(writtenHtml(html)).toBe('<p>ad<b>e</b></p>');
    expect(writtenHtml('<div ')).toBe('');
  });

  it('survives what attackers write', () => {
    const hostile =
      /<(?:script|img|svg|iframe|form|input|style|link|meta|base)\b|<[^>]*\son\w+|href="(?!https?:|mailto:|tel:)/i;
    for (const { html } of vectors) {
      const clean = writtenHtml(html('x()', 'http://t.example/x'));
      // The values of other attributes are only text.
      expect(clean.replace(/ (?!href)\w+="[^"]*"/g, '')).not.toMatch(hostile);
    }
  });

  it('changes nothing when it is cleaned again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '/', '"', '&', 'p', 'a ', 'href=', 'b', ';') }),
        (html) => {
          const once = writtenHtml(html);
          expect(writtenHtml(once)).toBe(once);
        },
      ),
    );
  });
});

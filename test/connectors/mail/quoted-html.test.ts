import { describe, expect, it } from 'vitest';
import { htmlText } from '../../../src/connectors/mail/parse/html-text.ts';
import { ownTextOf } from '../../../src/connectors/mail/parse/own-text.ts';

const own = '<p>Подходит, жду счёт.</p>';
const line = 'вт, 24 нояб. 2026 г. в 10:00, Отдел &lt;s@our.example&gt;:';
const header =
  '<b>От:</b> Отдел &lt;s@our.example&gt;<br><b>Отправлено:</b> 24 ноября 2026 г. 10:00<br><b>Кому:</b> c@c.example<br><b>Тема:</b> Счёт';
const words = '<div>Цена 5000</div>';

/** Quotations as mail programs write them in HTML. */
const quotations: Readonly<Record<string, string>> = {
  Gmail: `<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${line}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">${words}</blockquote></div>`,
  'Apple Mail': `<div><br><blockquote type="cite"><div>24 нояб. 2026 г., в 10:00, Отдел &lt;s@our.example&gt; написал(а):</div><br>${words}</blockquote></div>`,
  Thunderbird: `<div class="moz-cite-prefix">24.11.2026 10:00, Отдел пишет:<br></div><blockquote type="cite" cite="mid:a@our.example">${words}</blockquote>`,
  'Outlook on the web': `<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font>${header}</font><div>&nbsp;</div></div>${words}`,
  'Outlook on the web, passed on': `<div id="x_divRplyFwdMsg">${header}</div>${words}`,
  Outlook: `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">${header}</p></div></div><p class="MsoNormal">Цена 5000</p>`,
  'Outlook 2003': `<div class="OutlookMessageHeader">${header}</div>${words}`,
  'Outlook, mobile': `<div id="mail-editor-reference-message-container"><div>${header}</div>${words}</div>`,
  Yahoo: `<div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted"><div>On Tuesday, 24 November 2026 at 10:00:08 GMT+3, Отдел &lt;s@our.example&gt; wrote:</div>${words}</div>`,
  Proton: `<div class="protonmail_quote">On Tuesday, November 24th, 2026 at 10:00 AM, Отдел &lt;s@our.example&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">${words}</blockquote></div>`,
  Yandex: `<div> </div><div>24.11.2026, 10:00, "Отдел продаж" &lt;<a href="mailto:s@our.example">s@our.example</a>&gt;:</div><blockquote>${words}</blockquote>`,
  'Yandex, new': `<div>&nbsp;</div><div>----------------</div><div>Кому: i@c.example (i@c.example);</div><div>Тема: Счёт;</div><div>24.11.2026, 10:00, "Отдел" &lt;s@our.example&gt;:</div><blockquote><p>Цена 5000</p></blockquote>`,
  'Mail.ru': `<div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">Вторник, 24 ноября 2026, 10:00 +03:00 от Отдел &lt;s@our.example&gt;:<br>&nbsp;<div>${words}</div></blockquote>`,
  'The Bat!': `<p>Вы писали 24 ноября 2026 г., 10:00:08:</p><table cellspacing=0><tr><td bgcolor="#0000ff" width=2>&nbsp;</td><td>${words}</td></tr></table>`,
  Zimbra: `<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">${header}</div><div data-marker="__QUOTED_TEXT__">${words}</div>`,
  Roundcube: `<p id="reply-intro">Отдел писал(а) 2026-11-24 10:00:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0">${words}</blockquote>`,
  SnappyMail: `<p>24 ноября 2026 г., 10:00, s@our.example написал</p><blockquote>${words}</blockquote>`,
  'Lotus Notes': `<br><font>Отдел &lt;s@our.example&gt; писал(а) 24.11.2026 10:00:08:</font><br><br><blockquote>${words}</blockquote>`,
  GMX: `<div name="quote" style="margin:10px 5px"><div><b>Gesendet:</b> Dienstag<br><b>Von:</b> Отдел</div>${words}</div>`,
};

function read(html: string, answers: readonly string[] = ['1@our.example']) {
  const { own: text, quotedAt } = ownTextOf({ text: htmlText(html), html, answers, subject: 'Прайс' });
  return { text, shown: htmlText(quotedAt === null ? html : html.slice(0, quotedAt)) };
}

const shownWhole = (html: string) => ({ text: htmlText(html), shown: htmlText(html) });

describe.each(Object.entries(quotations))('a quotation by %s', (_, quotation) => {
  it('is folded, in the text and on the page', () => {
    const expected = { text: 'Подходит, жду счёт.', shown: 'Подходит, жду счёт.' };
    expect(read(`<html><body>${own}${quotation}</body></html>`)).toEqual(expected);
    expect(read(`<div>Подходит, жду счёт.<br>${quotation}</div>`)).toEqual(expected);
  });

  it('is shown if there is nothing above it', () => {
    expect(read(`<div><br>${quotation}</div>`)).toEqual(shownWhole(quotation));
  });

  it('is shown in a letter that answers nothing', () => {
    expect(read(own + quotation, [])).toEqual(shownWhole(own + quotation));
  });
});

const marked = Object.entries(quotations).filter(([, html]) => htmlText(html).includes('>') && !/rplyfwd/i.test(html));
const closed = marked.filter(([program]) => !/Outlook|Zimbra/.test(program));
describe.each(closed)('answers around a quotation by %s', (_, quotation) => {
  it('are never folded', () => {
    for (const html of [
      `${own}${quotation}<p>+7 999 000-00-05</p>`,
      `<p>Здравствуйте!</p>${quotation}<p>Москва</p><blockquote type="cite">Телефон?</blockquote><p>+7 999</p>`,
      `<p>Здравствуйте!</p>${quotation}<p>Москва</p><blockquote type="cite">Телефон?</blockquote>`,
    ])
      expect(read(html)).toEqual(shownWhole(html));
  });

  it('leave a signature in the text', () => {
    expect(read(`${own}${quotation}<p>-- <br>Иван, +7 999 000-00-05</p>`).text).toContain('+7 999 000-00-05');
  });
});

describe('the writer’s own HTML', () => {
  it.each([
    [
      'an indent of Gmail',
      '<p>Прошу:</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px">Кирпич</blockquote>',
    ],
    ['an indent of Outlook', '<p>Прошу.</p><blockquote style="margin-top:0;margin-bottom:0">Кирпич 10 шт</blockquote>'],
    ['a bare blockquote', '<p>Наши реквизиты:</p><blockquote><p>ООО Пример<br>ИНН 7700000000</p></blockquote>'],
    ['a table with a blue cell', '<p>Цвет.</p><table><tr><td bgcolor="#0000ff">синий</td><td>10 шт</td></tr></table>'],
    ['an empty quotation', '<p>Да.</p><div class="gmail_quote"></div><blockquote type="cite"></blockquote><p>Жду.</p>'],
    [
      'a prefix without a quotation',
      '<p>Да.</p><div class="moz-cite-prefix">24.11.2026 10:00, Отдел пишет:</div><p>Жду.</p>',
    ],
    ['a ruler', '<p>Заказ</p><hr><p>Кирпич</p><hr><p>Самовывоз</p>'],
    [
      'a forward',
      `<p>Посчитайте.</p><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>${header}</div>Труба</div>`,
    ],
  ])('stays: %s', (_, html) => {
    expect(read(html)).toEqual(shownWhole(html));
  });

  it('keeps the lines of preformatted text, and the cells of a row together', () => {
    expect(htmlText('<pre>Позиция   Кол-во\nКирпич    1000</pre>')).toBe('Позиция   Кол-во\nКирпич    1000');
    expect(htmlText('<div style="white-space: pre-wrap">а\nб</div>')).toBe('а\nб');
    expect(htmlText('<table><tr><td>Кирпич</td><td>1000</td></tr><tr><td>Цемент</td></tr></table>')).toBe(
      'Кирпич 1000\nЦемент',
    );
  });
});

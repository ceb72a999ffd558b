import sanitizeHtml from 'sanitize-html';

/** Characters of an HTML letter that are read; what newsletters put beyond is not for people. */
const longest = 2_000_000;
const blocks = ['p', 'div', 'br', 'tr', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'hr', 'table'];

/** The text of an HTML letter as a human reads it: blocks are lines, quotations are marked with `>`. */
export function htmlText(html: string): string {
  const plain = sanitizeHtml(html.slice(0, longest), {
    allowedTags: [...blocks, 'td', 'th'],
    allowedAttributes: {},
    nonTextTags: ['style', 'script', 'textarea', 'option', 'noscript', 'title'],
    nestingLimit: 200,
  });
  let depth = 0;
  const lines: string[] = [''];
  const put = (text: string) => {
    lines[lines.length - 1] += text;
  };
  const breakLine = () => {
    if (lines[lines.length - 1] !== '') lines.push('');
  };
  for (const token of plain.split(/(<[^>]*>)/)) {
    if (!token.startsWith('<')) {
      const text = decoded(token.replace(/[\s\u00a0]+/g, ' '));
      if (text.trim() !== '' || lines[lines.length - 1] !== '')
        put(lines[lines.length - 1] === '' ? `${'> '.repeat(depth)}${text.trimStart()}` : text);
      continue;
    }
    const tag = /^<\/?(\w+)/.exec(token)?.[1] ?? '';
    if (tag === 'td' || tag === 'th') {
      if (lines[lines.length - 1] !== '' && !token.startsWith('</')) put(' ');
      continue;
    }
    if (tag === 'br') lines.push('');
    else breakLine();
    if (tag === 'blockquote') depth = Math.max(0, Math.min(20, depth + (token.startsWith('</') ? -1 : 1)));
    if (tag === 'p' && token.startsWith('</')) lines.push('');
  }
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

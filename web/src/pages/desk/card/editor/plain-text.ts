/** A part of a formatted text, as the editor exports it. */
export interface TextNode {
  readonly type?: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> | undefined }[];
  readonly content?: readonly TextNode[];
}

/** A formatted text as plain text: lists with dashes or numbers, quotations with `>`, links followed by their addresses. */
export function plainText(node: TextNode): string {
  return blocks(node.content ?? []).trimEnd();
}

function blocks(nodes: readonly TextNode[]): string {
  return nodes.map(block).join('\n\n');
}

function block(node: TextNode): string {
  const { type, content = [], attrs } = node;
  switch (type) {
    case 'bulletList':
      return content.map((item) => listItem(item, '- ')).join('\n');
    case 'orderedList':
      return content.map((item, i) => listItem(item, `${Number(attrs?.start ?? 1) + i}. `)).join('\n');
    case 'blockquote':
      return blocks(content)
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
    default:
      return inline(content);
  }
}

function listItem({ content = [] }: TextNode, mark: string): string {
  return content
    .map(block)
    .join('\n')
    .split('\n')
    .join(`\n${' '.repeat(mark.length)}`)
    .replace(/^/, mark);
}

function inline(nodes: readonly TextNode[]): string {
  return nodes
    .map((node, i) => {
      if (node.type === 'hardBreak') return '\n';
      const href = linkOf(node);
      // A link of several parts, such as a bold word within it, is followed by its address once.
      const ends = href !== null && linkOf(nodes[i + 1]) !== href;
      return (node.text ?? '') + (ends ? addressAfter(wordsOfLink(nodes, i, href), href) : '');
    })
    .join('');
}

function linkOf(node: TextNode | undefined): string | null {
  const href = node?.marks?.find(({ type }) => type === 'link')?.attrs?.href;
  return typeof href === 'string' ? href : null;
}

function wordsOfLink(nodes: readonly TextNode[], last: number, href: string): string {
  let first = last;
  while (first > 0 && linkOf(nodes[first - 1]) === href) first -= 1;
  return nodes
    .slice(first, last + 1)
    .map(({ text = '' }) => text)
    .join('');
}

function addressAfter(words: string, href: string): string {
  const address = href.replace(/^(mailto|tel):/, '');
  const bare = (one: string) => one.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return bare(words) === bare(address) ? '' : ` (${address})`;
}

/** A plain text as HTML for the editor: blank lines separate paragraphs. */
export function htmlOfText(text: string): string {
  if (text === '') return '';
  const paragraphs = text.split('\n\n').map((one) => one.split('\n').map(escaped).join('<br>'));
  return paragraphs.map((one) => `<p>${one}</p>`).join('');
}

/** The editor's HTML as mail programs show it alike: empty lines have a height, and list items no space between them. */
export function htmlForMail(html: string): string {
  const [before = '', ...items] = html.replaceAll('<p></p>', '<p><br></p>').split('<li><p>');
  return [before, ...items.map((item) => item.replace('</p>', ''))].join('<li>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

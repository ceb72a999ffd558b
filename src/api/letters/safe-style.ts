/** What a letter may say about its looks: nothing that loads, moves things over others, or is read by scripts. */
const properties = new Set([
  ...['color', 'background', 'background-color', 'opacity', 'direction', 'display', 'float', 'clear', 'visibility'],
  ...['font', 'font-family', 'font-size', 'font-style', 'font-variant', 'font-weight', 'line-height', 'letter-spacing'],
  ...['text-align', 'text-decoration', 'text-indent', 'text-transform', 'vertical-align', 'white-space', 'word-break'],
  ...['word-wrap', 'overflow-wrap', 'word-spacing', 'width', 'height', 'max-width', 'min-width', 'max-height'],
  ...['min-height', 'list-style', 'list-style-type', 'table-layout', 'empty-cells', 'caption-side', 'box-sizing'],
  ...['border-collapse', 'border-spacing', 'border-radius', 'overflow', 'page-break-before', 'page-break-after'],
]);
const sides = /^(margin|padding|border)(-(top|right|bottom|left))?(-(width|style|color))?$/;
/** Words, numbers, names of fonts, colours. Without brackets there is no `url()`, without a backslash no hidden one. */
const plainValue = /^[\p{L}\p{N}\s.,%#!'"+/_-]*$/u;
const colours = /\b(?:rgb|hsl)a?\([\d.%,/\sdegratun+-]*\)/gi;
const longest = 5000;

/** The declarations of a style attribute that are harmless; empty where none is. */
export function safeStyle(style: string): string {
  if (style.length > longest) return '';
  const kept = style.split(';').flatMap((declaration) => {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    const known = properties.has(property) || sides.test(property);
    return known && value !== '' && plainValue.test(value.replace(colours, '')) ? [`${property}:${value}`] : [];
  });
  return kept.join(';');
}

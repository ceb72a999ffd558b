/** Allowed CSS properties. None of them loads anything or moves an element over others. */
const properties = new Set([
  ...['color', 'background', 'background-color', 'opacity', 'direction', 'display', 'float', 'clear', 'visibility'],
  ...['font', 'font-family', 'font-size', 'font-style', 'font-variant', 'font-weight', 'line-height', 'letter-spacing'],
  ...['text-align', 'text-decoration', 'text-indent', 'text-transform', 'vertical-align', 'white-space', 'word-break'],
  ...['word-wrap', 'overflow-wrap', 'word-spacing', 'width', 'height', 'max-width', 'min-width', 'max-height'],
  ...['min-height', 'list-style', 'list-style-type', 'table-layout', 'empty-cells', 'caption-side', 'box-sizing'],
  ...['border-collapse', 'border-spacing', 'border-radius', 'overflow', 'page-break-before', 'page-break-after'],
]);
const sides = /^(margin|padding|border)(-(top|right|bottom|left))?(-(width|style|color))?$/;
/** Words, numbers, font names and colours. Without brackets there is no `url()`, and without a backslash no hidden one. */
const plainValue = /^[\p{L}\p{N}\s.,%#!'"+/_-]*$/u;
const colours = /\b(?:rgb|hsl)a?\([\d.%,/\sdegratun+-]*\)/gi;
const maxLength = 5000;

/** The harmless declarations of a style attribute. Empty when there are none. */
export function safeStyle(style: string): string {
  if (style.length > maxLength) return '';
  const kept = style.split(';').flatMap((declaration) => {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    const known = properties.has(property) || sides.test(property);
    return known && value !== '' && plainValue.test(value.replace(colours, '')) ? [`${property}:${value}`] : [];
  });
  return kept.join(';');
}

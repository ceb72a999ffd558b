/** Commands whose content is no text (RFC 1896). */
const silent = /<(param|comment)>[^<]{0,10000}<\/\1>/gi;
const command = /<\/?[a-z0-9-]{1,60}>/gi;

/** The text of `text/enriched` (RFC 1896) or `text/richtext` (RFC 1341). */
export function enrichedText(enriched: string, isOld: boolean): string {
  const lines = enriched.replace(/\r\n?/g, '\n');
  // A single line break is a blank, and each further one is a line break.
  const flowing = isOld
    ? lines
        .replace(/\n/g, ' ')
        .replace(/<(?:nl|np)>/gi, '\n')
        .replace(/<lt>/gi, '<<')
    : lines.replace(/\n+/g, (breaks) => (breaks.length === 1 ? ' ' : breaks.slice(1)));
  const text = flowing.replaceAll('<<', '\0').replace(silent, '').replace(command, '').replaceAll('\0', '<');
  return text.trim();
}

/** Joins the lines of `format=flowed` (RFC 3676): a line that ends with a blank goes on in the next one. */
export function flowedText(text: string, deleteBlank: boolean): string {
  const parts: string[] = [];
  let flows = false;
  let depth = 0;
  for (const whole of text.split(/\r?\n/)) {
    const marks = /^>*/.exec(whole)?.[0].length ?? 0;
    const stuffed = whole.slice(marks);
    const line = stuffed.startsWith(' ') ? stuffed.slice(1) : stuffed;
    const goesOn = flows && marks === depth && line !== '-- ';
    if (!goesOn) parts.push(parts.length > 0 ? '\n' : '', marks === 0 ? '' : `${'>'.repeat(marks)} `);
    flows = line.endsWith(' ') && line !== '-- ';
    depth = marks;
    parts.push(flows && deleteBlank ? line.slice(0, -1) : line);
  }
  return parts.join('');
}

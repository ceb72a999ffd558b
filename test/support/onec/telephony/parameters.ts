/**
 * Splits the body of a request as УНФ does: it is decoded before it is split at `&`, so a value with `&` loses its end, and quotes
 * swallow what follows them. A plus stays a plus. Names are read in any case.
 */
export function unfParameters(body: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  let isQuoted = false;
  let piece = '';
  const take = () => {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, equals)).trim();
    // A name that cannot be one of a structure is dropped in silence.
    if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
      parameters.set(name.toLowerCase(), unquoted(piece.slice(equals + 1).trim()));
    piece = '';
  };
  for (const sign of decoded(body)) {
    if (sign === '"') isQuoted = !isQuoted;
    if (sign === '&' && !isQuoted) take();
    else piece += sign;
  }
  take();
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && text[from] === '"') from += 1;
  while (to > from && text[to - 1] === '"') to -= 1;
  return text.slice(from, to);
}

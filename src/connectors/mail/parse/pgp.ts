const begin = '-----BEGIN PGP SIGNED MESSAGE-----';
const signature = '-----BEGIN PGP SIGNATURE-----';
const end = '-----END PGP SIGNATURE-----';

/** A text without the marks of a PGP signature (RFC 9580, 7), which is not verified. */
export function withoutPgpSignature(text: string): string {
  const from = text.indexOf(begin);
  const to = from === -1 ? -1 : text.indexOf(signature, from);
  if (to === -1) return text;
  const body = text.indexOf('\n', from + begin.length);
  // Headers such as `Hash: SHA256` end with an empty line.
  const lines = text.slice(body === -1 ? from + begin.length : body + 1, to).split('\n');
  const first = lines.findIndex((line) => !/^[A-Za-z-]{1,40}: /.test(line));
  const signed = lines.slice((lines[first] ?? '').trim() === '' ? first + 1 : first).join('\n');
  const last = text.indexOf(end, to);
  const behind = last === -1 ? '' : text.slice(last + end.length);
  return `${text.slice(0, from)}${signed.replace(/^- /gm, '')}${behind}`;
}

/** Whether a text is nothing but a message that only its recipient's key opens. */
export function isPgpMessage(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN PGP MESSAGE-----');
}

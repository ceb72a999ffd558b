/**
 * The number that a dial string makes a trunk dial, or null: `PJSIP/79161234567@provider`, `PJSIP/provider/sip:79161234567@host`,
 * `SIP/provider/79161234567`, `DAHDI/g0/79161234567`. Of several destinations, the one of `endpoint` counts.
 */
export function dialledByString(text: string, endpoint: string): string | null {
  const destinations = (text.split(',', 1)[0] ?? '').split('&');
  const found = destinations.map(numberOf).filter((one) => one !== null);
  return (found.find((one) => one.endpoint === endpoint) ?? found[0])?.number ?? null;
}

function numberOf(destination: string): { readonly endpoint: string; readonly number: string } | null {
  const [technology = '', first = '', ...rest] = destination.trim().split('/');
  if (technology.toLowerCase() === 'local') return null;
  const second = rest.join('/').replace(/^sips?:/, '');
  const [endpoint, target] = second === '' ? splitAt(first) : [first, second];
  const number = target.split(/[@;:?]/, 1)[0] ?? '';
  return /^[+*#]?\d[\d*#]*$/.test(number) ? { endpoint, number } : null;
}

/** `number@endpoint` without a second part. */
function splitAt(text: string): readonly [string, string] {
  const at = text.lastIndexOf('@');
  return at < 0 ? [text, ''] : [text.slice(at + 1), text.slice(0, at)];
}

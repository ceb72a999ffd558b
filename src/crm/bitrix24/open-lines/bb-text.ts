/** One BB code: `[b]`, `[/b]`, `[url=https://…]`. Limited, so that reading takes linear time. */
const code = /\[(\/?)([a-z*]{1,10})(?:=([^[\]]{0,2000}))?\]/gi;

/** Codes that only change how the text looks. */
const plain: ReadonlySet<string> = new Set([
  'b',
  'i',
  'u',
  's',
  'size',
  'color',
  'font',
  'list',
  'code',
  'user',
  'chat',
  'send',
  'put',
  'call',
  'icon',
  'quote',
]);

/** The operator's name before a message, as the portal writes it. */
const signature = /^\[b\](.{1,200}?):\[\/b\](?: ?\[br\] ?|\s*)/i;

/** An operator's message as text: without BB codes, links with their addresses, and without the operator's name before it. */
export function textOfBb(bb: string): string {
  return withoutCodes(bb.replace(signature, '')).trim();
}

function withoutCodes(bb: string): string {
  let address: string | null = null;
  let opened = 0;
  let out = '';
  let from = 0;
  for (const { 0: whole, 1: slash, 2: name = '', 3: value, index } of bb.matchAll(code)) {
    const text = replacement(name.toLowerCase());
    if (text === null) continue;
    out += bb.slice(from, index) + text;
    from = index + whole.length;
    if (name.toLowerCase() !== 'url') continue;
    out += addressUnless(out.slice(opened), address);
    [address, opened] = [slash === '' ? (value ?? null) : null, out.length];
  }
  out += bb.slice(from);
  return out + addressUnless(out.slice(opened), address);
}

/** The address of a link, unless its words say it. */
function addressUnless(words: string, address: string | null): string {
  return address === null || words.includes(address) ? '' : ` (${address})`;
}

/** What stands for a code; null if it is none that we know, which stays as it is. */
function replacement(name: string): string | null {
  if (name === 'br') return '\n';
  if (name === '*') return '\n– ';
  return plain.has(name) || name === 'url' || name === 'img' ? '' : null;
}

import iconv from 'iconv-lite';

/** Spellings that mail programs use, without prefix and separators. The value is a label of the WHATWG Encoding Standard, or of ours. */
const spellings: readonly (readonly [spelling: RegExp, label: string])[] = [
  [/^(?:utf8(?:mb[34]|bom|n)?|unicode[12][01]utf8|cp65001)$/, 'utf-8'],
  [/^(?:unicode11)?utf7$/, 'utf-7'],
  [/^(?:utf|ucs|unicode)(?:16|2|feff)?(?:le)?$/, 'utf-16le'],
  [/^(?:utf16be|unicodefffe)$/, 'utf-16be'],
  [/^(?:koi8?|koi8r)$/, 'koi8-r'],
  [/^koi8r?u$/, 'koi8-u'],
  [/^(?:cp|ibm|dos|oem|pc)?866$/, 'ibm866'],
  [/^mac(?:cyrillic|ukrainian)$/, 'x-mac-cyrillic'],
  [/^mac(?:intosh|roman)?$/, 'macintosh'],
  [/^iso88598[ei]$/, 'iso-8859-8'],
  [/^(?:ksc5601(?:1987|1989)?|euckr|uhc|(?:cp|ms|windows)949|korean)$/, 'euc-kr'],
  [/^(?:shiftjis|sjis|mskanji|(?:cp|ms|windows)(?:932|31j))$/, 'shift_jis'],
  [/^(?:iso2022jp[a-z0-9]*|(?:cp)?5022[012]|junet)$/, 'iso-2022-jp'],
  [/^(?:eucjp[a-z]*|cp51932)$/, 'euc-jp'],
  [/^iso2022kr$/, 'iso-2022-kr'],
  [/^hz(?:gb2312)?$/, 'hz-gb-2312'],
  [/^(?:gb2312(?:80)?|gbk|gb18030[0-9]*|euccn|(?:cp|ms|windows)936|iso58gb231280|chinese)$/, 'gb18030'],
  [/^(?:cn)?big5(?:hkscs|eten)?$|^(?:cp|ms|windows)950$/, 'big5'],
  [/^(?:tis620[0-9]*|(?:cp|windows|ibm)874)$/, 'windows-874'],
];

/** Labels that say nothing: the text is in whatever charset the writer's system has. */
const empty =
  /^(?:|us|usascii|ascii|ansi|ansix341968|unknown(?:8bit)?|[78]bit|default|binary|none|text|userdefined|auto)$/;

/** A charset whose decoder is known. */
export interface KnownCharset {
  readonly label: string;
  /** Who decodes it: the platform, iconv-lite for old code pages, or {@link decodeStateful}. */
  readonly by: 'platform' | 'iconv' | 'stateful';
}

const stateful: ReadonlySet<string> = new Set(['utf-7', 'iso-2022-kr', 'hz-gb-2312']);
const maxCached = 500;
const cache = new Map<string, KnownCharset | null>();

/** Finds the charset that a label means; null if it means none, or none that is known. */
export function charsetOf(label: string | null | undefined): KnownCharset | null {
  const key = (label ?? '').slice(0, 100).toLowerCase();
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const found = find(key);
  if (cache.size >= maxCached) cache.clear();
  cache.set(key, found);
  return found;
}

function find(key: string): KnownCharset | null {
  // RFC 2231 appends the language after an asterisk.
  const label = (key.split('*')[0] ?? '').replace(/["'\s;,]/g, '');
  const compact = label.replace(/^(?:x-ms-|x-|cs)/, '').replace(/[^a-z0-9]/g, '');
  if (empty.test(compact)) return null;
  const known = spellings.find(([spelling]) => spelling.test(compact))?.[1];
  if (known !== undefined) return { label: known, by: stateful.has(known) ? 'stateful' : 'platform' };
  const windows = /^(?:win|windows|cp|ms|microsoftcp)?(125[0-8])$/.exec(compact)?.[1];
  if (windows !== undefined) return { label: `windows-${windows}`, by: 'platform' };
  const iso = /^(?:iso)?8859(\d{1,2})$/.exec(compact)?.[1];
  for (const one of [label, ...(iso === undefined ? [] : [`iso-8859-${iso}`]), compact])
    if (isDecodable(one)) return { label: one, by: 'platform' };
  return iconv.encodingExists(label) ? { label, by: 'iconv' } : null;
}

function isDecodable(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

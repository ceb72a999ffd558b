/** A number found in a text. */
export interface WrittenNumber {
  readonly phone: string;
  readonly ext: string | null;
}

/** Reads digits with separators as a number in E.164; null if they are none. */
export type ReadDigits = (written: string) => string | null;

/** Digits with the usual separators on one line. A plus begins a new number. */
const runs = /(?:\+[ (.-]{0,3})?\(?\d(?:[ \t().-]{0,6}\d){0,40}\)?/g;
/** Times and dates that people write beside a number: `до 18:00 8 916…`. */
const moments =
  /(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])|(?<![\d.])(?:[0-2]?\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d{2}(?![\d.])/g;
/** Labels of numbers that are none of a telephone. */
const otherNumber = /(?<!\p{L})(?:инн|кпп|огрн|огрнип|окпо|бик|снилс|р\/с)[\s:.#-]{0,4}$/iu;
const bareDigits = /^\+?\d{1,40}$/;
/** Words and signs between a number and its extension. */
const extensionMark =
  /^[ \t]{0,4}[(,;]?[ \t]{0,4}(?:доб(?:ав(?:очный)?)?|доп(?:олнительный)?|тон(?:овый|альный)?(?:[ \t.]{1,3}наб(?:ор)?)?|внутр(?:енний)?|вн|д|ext(?:ension|n)?|x|х|[wp]{1,3}|#|\*{1,2}|,{1,3}|;ext=|;)[ \t.:#-]{0,4}(?:(?:номер|ном|н|no|n)[ \t.:#-]{0,4})?$/iu;
/** Signs that may also separate two numbers; an extension after them is short. */
const sign = /^[\s,;(*#]+$/;

/**
 * Finds the numbers in a field in which people, CRMs and PBXs write a number: with labels, extensions, several numbers, or as a SIP or
 * tel URI. `read` decides which digits are a number.
 */
export function writtenNumbers(raw: string, read: ReadDigits): readonly WrittenNumber[] {
  // Nearly every number of a PBX is bare digits, and needs none of the patterns below.
  if (bareDigits.test(raw)) return numbersOfRun(raw, read);
  const text = withoutUri(plain(raw)).replace(moments, ' ');
  const all = [...text.matchAll(runs)].filter(({ index }) => !otherNumber.test(text.slice(0, index)));
  const found = all.map((match) => {
    const run = match[0].trim();
    return { run, at: match.index, end: match.index + match[0].length, numbers: numbersOfRun(run, read) };
  });
  const numbers = found.flatMap(({ end, numbers }, i) => {
    const next = found[i + 1];
    const last = numbers.at(-1);
    if (last === undefined || last.ext !== null || next === undefined || next.numbers.length > 0) return numbers;
    return [...numbers.slice(0, -1), { ...last, ext: extensionAfter(text.slice(end, next.at), next.run) }];
  });
  if (numbers.length > 0 || found.length < 2 || /[^\d\s+().\\/_-]/.test(text)) return numbers;
  // Some people separate the groups of one number by slashes or underscores.
  const phone = read(text.replace(/[\\/_]/g, '-').trim());
  return phone === null ? [] : [{ phone, ext: null }];
}

/** One kind of digit, dash and space; without marks of text direction and other invisible characters. */
function plain(raw: string): string {
  return raw
    .replaceAll('№', '#')
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\p{Pd}\u2212\u2043~]/gu, '-')
    .replace(/%(2[0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Removes the hosts and parameters of SIP and tel URIs, which contain other digits. The prefix in `phone-context` is put in front. */
function withoutUri(text: string): string {
  let context = '';
  const bare = text
    .replace(/\bsips?:(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\d@])/gi, ' ')
    .replace(/@[^\s;,>]*/g, ' ')
    .replace(/;[ \t]{0,4}([a-z][a-z-]{0,30})=([^\s;,>]{0,128})/gi, (parameter, name: string, value: string) => {
      if (/^phone-context$/i.test(name) && /^\+\d{1,10}$/.test(value)) context = value;
      return /^ext$/i.test(name) ? parameter : ' ';
    });
  return context === '' ? bare : bare.replace(/\btel:(?!\+)|\bsips?:(?!\+)/i, context);
}

/** The numbers in a run of digits: usually one, but an extension in brackets or a second number may follow it. */
function numbersOfRun(run: string, read: ReadDigits): readonly WrittenNumber[] {
  const bracket = run.lastIndexOf('(');
  const bracketed = bracket === -1 ? undefined : /^\((\d{1,6})\)$/.exec(run.slice(bracket))?.[1];
  if (bracketed !== undefined) {
    const phone = read(run.slice(0, bracket).trim());
    if (phone !== null) return [{ phone, ext: bracketed }];
  }
  const whole = read(run);
  if (whole !== null) return [{ phone: whole, ext: null }];
  return split(run, read);
}

/** Splits a run at spaces into a number and an extension, or into numbers. All of it must make sense, as it may be mistyped. */
function split(run: string, read: ReadDigits): readonly WrittenNumber[] {
  for (const { index } of run.matchAll(/ (?=[\d(])/g)) {
    const phone = read(run.slice(0, index).trim());
    if (phone === null) continue;
    const rest = run.slice(index).trim();
    if (/^\d{2,5}$/.test(rest) && /^\+?\d+$/.test(run.slice(0, index))) return [{ phone, ext: rest }];
    const others = numbersOfRun(rest, read);
    if (others.length > 0) return [{ phone, ext: null }, ...others];
  }
  return [];
}

/** The extension in the run after a number, if the text between them announces one. */
function extensionAfter(between: string, run: string): string | null {
  if (!extensionMark.test(between)) return null;
  const pattern = sign.test(between) ? /^\(?(\d{1,6})\)?$/ : /^\(?(\d{1,8})(?!\d)/;
  return pattern.exec(run)?.[1] ?? null;
}

/** An input of any length: a beginning, a repeated part and an end. Parsing time must be proportional to its length. */
export interface Shape {
  readonly begin: string;
  readonly repeat: string;
  readonly end: string;
}

/** The input of a shape, about that many characters long. */
export function inputOf({ begin, repeat, end }: Shape, characters: number): string {
  const room = Math.max(0, characters - begin.length - end.length);
  return begin + repeat.repeat(Math.max(1, Math.floor(room / Math.max(1, repeat.length)))) + end;
}

/** Random numbers between 0 and 1, determined by a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Characters that are special to one of the parsers. */
const marks = [
  ...' \t\r\n\0<>"\'`@:;,.=?%&#+-_()[]{}\\/*|~^$!№«»\u00a0\u2028\ud83d',
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  '--',
  '> ',
];
const letters = ['a', 'б', '7', 'é', '中', '😀'];

/** A random piece: one of a parser's own words, special characters or letters, sometimes many times. */
export function randomPiece(random: () => number, words: readonly string[]): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const kind = random();
  const one = kind < 0.5 && words.length > 0 ? pick(words) : pick(kind < 0.85 ? marks : letters);
  return random() < 0.1 ? one.repeat(1 + Math.floor(random() * 200)) : one;
}

/** A random shape made of such pieces. */
export function randomShape(random: () => number, words: readonly string[]): Shape {
  const piece = () => randomPiece(random, words);
  const some = (most: number) => Array.from({ length: Math.floor(random() * (most + 1)) }, piece).join('');
  return { begin: some(4), repeat: piece() + some(4), end: some(3) };
}

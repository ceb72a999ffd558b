/** An input of any length: what is repeated between a beginning and an end. Its time must grow as its length does. */
export interface Shape {
  readonly begin: string;
  readonly repeat: string;
  readonly end: string;
}

/** The input of a shape with about so many characters. */
export function inputOf({ begin, repeat, end }: Shape, characters: number): string {
  const room = Math.max(0, characters - begin.length - end.length);
  return begin + repeat.repeat(Math.max(1, Math.floor(room / Math.max(1, repeat.length)))) + end;
}

/** Numbers that a seed determines, between 0 and 1. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Characters that mean something to one parser or another. */
const marks = [
  ...' \t\r\n\0<>"\'`@:;,.=?%&#+-_()[]{}\\/*|~^$!№«»\u00a0\u2028\ud83d',
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  '--',
  '> ',
];
const letters = ['a', 'б', '7', 'é', '中', '😀'];

/** A shape put together from a parser's own words, marks and letters. */
export function randomShape(random: () => number, words: readonly string[]): Shape {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const piece = () => {
    const kind = random();
    const one = kind < 0.5 && words.length > 0 ? pick(words) : pick(kind < 0.85 ? marks : letters);
    return random() < 0.1 ? one.repeat(1 + Math.floor(random() * 200)) : one;
  };
  const some = (most: number) => Array.from({ length: Math.floor(random() * (most + 1)) }, piece).join('');
  return { begin: some(4), repeat: piece() + some(4), end: some(3) };
}

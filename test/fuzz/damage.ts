import { randomPiece } from './shape.ts';

/** Characters that are repeated, removed or moved at most. */
const maxLength = 2000;

/** A genuine text with up to six random changes. JSON is changed within its values every other time, and stays JSON then. */
export function damaged(random: () => number, texts: readonly string[], words: readonly string[]): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = () => texts[below(texts.length)] ?? '';
  let text = pick();
  const json = random() < 0.5 ? parsed(text) : null;
  if (json !== null) return JSON.stringify(damagedValue(json, random, words));
  for (let left = 1 + below(6); left > 0; left--) {
    const at = below(text.length + 1);
    const [before, behind] = [text.slice(0, at), text.slice(at)];
    const length = below(Math.min(maxLength, behind.length) + 1);
    const part = behind.slice(0, length);
    const other = pick();
    const results = [
      () => before + behind.slice(length),
      () => before + part + behind,
      () => behind.slice(length) + before + part,
      () => before + other.slice(below(other.length + 1)),
      () => before + randomPiece(random, words) + behind.slice(length % 3),
      () => before + String.fromCharCode(below(256)) + behind.slice(1),
    ];
    text = results[below(results.length)]?.() ?? text;
  }
  return text;
}

function parsed(text: string): object | null {
  if (!/^[[{]/.test(text)) return null;
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}

/** Replaces about one value in ten, and sometimes renames or repeats what stands around it. */
function damagedValue(value: unknown, random: () => number, words: readonly string[]): unknown {
  if (random() < 0.1) {
    const others = [null, true, -1, 1e300, '', [], {}, [value], { text: value }, randomPiece(random, words)];
    return others[Math.floor(random() * others.length)];
  }
  if (Array.isArray(value)) return value.flatMap((one) => [one, ...(random() < 0.1 ? [one] : [])].map(within));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [random() < 0.05 ? `${name}_` : name, within(one)]),
  );

  function within(one: unknown): unknown {
    return damagedValue(one, random, words);
  }
}

/** The name most similar to a word, or null. At most a third of its letters may differ. */
export function nearest(word: string, names: Iterable<string>): string | null {
  let best: { readonly name: string; readonly wrong: number } | null = null;
  for (const name of names) {
    const wrong = distance(word.toLowerCase(), name.toLowerCase());
    if (wrong <= Math.floor(name.length / 3) && wrong < (best?.wrong ?? Number.POSITIVE_INFINITY))
      best = { name, wrong };
  }
  return best?.name ?? null;
}

/** `; did you mean …?`, or an empty string without a similar name. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearest(word, names);
  return name === null ? '' : `; did you mean ${name}?`;
}

/** Number of letters to change, insert, delete or transpose (optimal string alignment distance). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The steps of a name: `a[b][0]` and `a.b.0` are `a`, `b`, `0`. */
export function stepsOf(key: string): readonly string[] {
  return key.split(/[[\]]+|\./).filter((step) => step !== '');
}

/** Pairs as nested objects, as PHP reads them: `a[b]=1&c[]=2&c[]=3` is `{a: {b: 1}, c: [2, 3]}`. Equal names become lists. */
export function nested(pairs: readonly (readonly [string, string])[]): Record<string, unknown> {
  const root = emptyObject();
  for (const [key, value] of pairs) {
    const open = key.indexOf('[');
    const isNested = open > 0 && key.endsWith(']');
    const steps = isNested ? [key.slice(0, open), ...key.slice(open + 1, -1).split('][')] : [key];
    if (steps.at(-1) === '') steps.pop();
    // A name that contradicts an earlier one stays as it is, so that its value is not lost.
    if (!place(root, steps, value)) place(root, [key], value);
  }
  return root;
}

/** Places a value, unless there is an object in its place or a value on the way. */
function place(root: Record<string, unknown>, steps: readonly string[], value: string): boolean {
  let node = root;
  for (const step of steps.slice(0, -1)) {
    const next = node[step] ?? emptyObject();
    if (typeof next !== 'object' || Array.isArray(next)) return false;
    node[step] = next;
    node = next as Record<string, unknown>;
  }
  const name = steps.at(-1) ?? '';
  const there = node[name];
  if (there === undefined) node[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else if (typeof there === 'string') node[name] = [there, value];
  else return false;
  return true;
}

/** Names come from outside, so the object inherits none. */
function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

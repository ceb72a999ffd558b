import type { Fields } from '../../../runtime/http/fields.ts';

/** A form with more than this is no event of a portal. */
const maxBytes = 1024 * 1024;
const maxPairs = 5000;
const maxDepth = 8;

type Node = Record<string, unknown>;

/**
 * Reads `application/x-www-form-urlencoded` with PHP's brackets: `data[MESSAGES][0][im][chat_id]=5`. Objects with the
 * keys 0, 1, 2 … become lists. Null if the form is too large, too deep or has an unfinished bracket. Takes linear time.
 */
export function readForm(body: Buffer): Fields | null {
  if (body.byteLength > maxBytes) return null;
  const root = emptyNode();
  let pairs = 0;
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    pairs += 1;
    const path = pathOf(name);
    if (pairs > maxPairs || path === null) return null;
    put(root, path, value);
  }
  return Object.fromEntries(Object.entries(root).map(([key, value]) => [key, withLists(value)]));
}

/** Objects without a prototype, so that a key such as `__proto__` is a key like any other. */
function emptyNode(): Node {
  return Object.create(null) as Node;
}

/** `a[b][]` as `a`, `b` and an empty step; null if it can't be a path. */
function pathOf(name: string): readonly string[] | null {
  const first = name.indexOf('[');
  if (first < 0) return [name];
  const path = [name.slice(0, first)];
  for (let at = first; at < name.length; ) {
    const end = name.indexOf(']', at);
    if (name[at] !== '[' || end < 0 || path.length === maxDepth) return null;
    path.push(name.slice(at + 1, end));
    at = end + 1;
  }
  return path;
}

function put(root: Node, path: readonly string[], value: string): void {
  let at = root;
  path.forEach((step, depth) => {
    // `[]` appends.
    const key = step === '' && depth > 0 ? String(Object.keys(at).length) : step;
    if (depth === path.length - 1) {
      at[key] = value;
      return;
    }
    const below = at[key];
    const node = typeof below === 'object' && below !== null ? (below as Node) : emptyNode();
    at[key] = node;
    at = node;
  });
}

function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const);
  // Integer keys come first and in order, so comparing each with its place is enough.
  const isList = entries.length > 0 && entries.every(([key], place) => key === String(place));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

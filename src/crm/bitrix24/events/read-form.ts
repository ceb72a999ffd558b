import type { Fields } from '../../../runtime/http/fields.ts';

/** A form with more than this is no event of a portal. */
const maxBytes = 1024 * 1024;
const maxPairs = 5000;
const maxDepth = 8;

/** The keys below a key. Keys of a map can't reach the prototype of anything. */
type Node = Map<string, unknown>;

/**
 * Reads `application/x-www-form-urlencoded` with PHP's brackets: `data[MESSAGES][0][im][chat_id]=5`. Objects with the
 * keys 0, 1, 2 … become lists. Null if the form is too large, too deep or has an unfinished bracket. Takes linear time.
 */
export function readForm(body: Buffer): Fields | null {
  if (body.byteLength > maxBytes) return null;
  const root: Node = new Map();
  let pairs = 0;
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    pairs += 1;
    const path = pathOf(name);
    if (pairs > maxPairs || path === null) return null;
    put(root, path, value);
  }
  return Object.fromEntries([...root].map(([key, value]) => [key, plain(value)]));
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
    const key = step === '' && depth > 0 ? String(at.size) : step;
    if (depth === path.length - 1) {
      at.set(key, value);
      return;
    }
    const below = at.get(key);
    const node: Node = below instanceof Map ? below : new Map();
    at.set(key, node);
    at = node;
  });
}

function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const places = Array.from({ length: value.size }, (_, place) => String(place));
  if (places.every((place) => value.has(place))) return places.map((place) => plain(value.get(place)));
  return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
}

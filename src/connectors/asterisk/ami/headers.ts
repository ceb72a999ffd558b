import type { AmiFields, AmiMessage } from './message.ts';

const noLists: AmiMessage['lists'] = Object.freeze(Object.create(null));

/**
 * Objects for collected headers. `Object.create(null)` creates a hash table in V8, which is about twice as slow to fill.
 * Instances of a constructor with an empty, parentless prototype behave the same, but have hidden classes.
 */
const Fields = function Fields() {} as unknown as new () => Record<string, string>;
Fields.prototype = Object.freeze(Object.create(null));

const endOfCommand = '--END COMMAND--';

/** The name after `Event: ` or `Response: ` in a packet, or null if it begins with neither. */
export function firstLine(text: string): { kind: AmiMessage['kind']; name: string; end: number } | null {
  const kind = text.startsWith('Event: ') ? 'event' : text.startsWith('Response: ') ? 'response' : null;
  if (kind === null) return null;
  const lineEnd = text.indexOf('\r\n');
  const end = lineEnd === -1 ? text.length : lineEnd;
  return { kind, name: text.slice(kind === 'event' ? 7 : 10, end), end };
}

/**
 * Parses the headers of a packet from the position `from`. `text` does not include the final empty line.
 * Lines end with CR LF only. A lone LF belongs to the value, so that a value can't inject a header.
 */
export function readHeaders(text: string, from: number): { fields: AmiFields; lists: AmiMessage['lists'] } {
  const fields = new Fields();
  let lists: Record<string, string[]> | null = null;
  let at = from;
  while (at < text.length) {
    const found = text.indexOf('\r\n', at);
    const lineEnd = found === -1 ? text.length : found;
    const colon = text.indexOf(':', at);
    if (colon === -1) break;
    if (colon < lineEnd && colon > at) {
      const key = text.slice(at, colon);
      // One space follows the colon; further spaces belong to the value.
      const valueAt = text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1;
      const value = valueAt < lineEnd ? text.slice(valueAt, lineEnd) : '';
      const before = fields[key];
      if (before === undefined) {
        fields[key] = value;
        if (key === 'Output') {
          lists ??= Object.create(null) as Record<string, string[]>;
          lists[key] = [value];
        }
      } else {
        lists ??= Object.create(null) as Record<string, string[]>;
        const list = lists[key];
        if (list === undefined) lists[key] = [before, value];
        else list.push(value);
      }
    }
    at = lineEnd + 2;
  }
  return { fields, lists: lists ?? noLists };
}

/**
 * Parses a `Response: Follows` packet of Asterisk ≤ 13 and devices that imitate it: a few headers, then the raw output of a
 * console command up to `--END COMMAND--`. The output becomes the list `Output`, as newer versions send it.
 */
export function readFollows(text: string, from: number): { fields: AmiFields; lists: AmiMessage['lists'] } {
  let at = from;
  while (/^(Privilege|ActionID|Message): /.test(text.slice(at, at + 11))) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) break;
    at = lineEnd + 2;
  }
  const { fields } = readHeaders(text.slice(0, at), from);
  const end = text.lastIndexOf(endOfCommand);
  const output = text.slice(at, end === -1 ? text.length : end).replace(/\r?\n$/, '');
  const lists = Object.create(null) as Record<string, string[]>;
  lists.Output = output.split(/\r?\n/);
  return { fields, lists };
}

/** Header values by name, spelled as Asterisk does. There is no prototype, so `fields.constructor` is undefined unless sent. */
export type AmiFields = Readonly<Record<string, string>>;

/** A packet from Asterisk: an event, or the answer to an action. */
export interface AmiMessage {
  readonly kind: 'event' | 'response';
  /** The value of the first line: the event's name, or `Success`, `Error`, `Goodbye`, `Follows`. */
  readonly name: string;
  /** All headers except the first line. For a repeated header this is its first value. */
  readonly fields: AmiFields;
  /** All values of repeated headers in order, and always those of `Output`. Empty for most packets. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Size on the wire in bytes, used for limits. */
  readonly bytes: number;
}

/** All values of a header, which may be absent, single or repeated. */
export function valuesOf(message: AmiMessage, header: string): readonly string[] {
  const list = message.lists[header];
  if (list !== undefined) return list;
  const value = message.fields[header];
  return value === undefined ? [] : [value];
}

/** Header name → value, as Asterisk spelled it. Has no prototype members: `fields.constructor` is undefined unless it was sent. */
export type AmiFields = Readonly<Record<string, string>>;

/** One packet that Asterisk sent: an event, or the answer to an action. */
export interface AmiMessage {
  readonly kind: 'event' | 'response';
  /** What the first line says: the event's name, or `Success`, `Error`, `Goodbye`, `Follows`. */
  readonly name: string;
  /** Every header but the first line's. Of a repeated header this is the first value. */
  readonly fields: AmiFields;
  /** All values of the headers that came more than once, in order; `Output` is always here. Empty for most packets. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Size on the wire in bytes, for limits on what is kept. */
  readonly bytes: number;
}

/** All values of a header, whether it came never, once or repeatedly. */
export function valuesOf(message: AmiMessage, header: string): readonly string[] {
  const list = message.lists[header];
  if (list !== undefined) return list;
  const value = message.fields[header];
  return value === undefined ? [] : [value];
}

import { itemsOf, textOf, type Value } from '../values.ts';

/** A file given as `[name, base64]`; null if it is not. */
export function readFile(value: Value | undefined): { readonly name: string; readonly bytes: Buffer } | null {
  const items = itemsOf(value);
  const [name, content] = [textOf(items?.[0]), textOf(items?.[1])];
  if (name === null || content === null || /[^A-Za-z0-9+/=\s]/.test(content)) return null;
  return { name, bytes: Buffer.from(content, 'base64') };
}

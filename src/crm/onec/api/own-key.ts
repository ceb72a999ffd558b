import { createHash } from 'node:crypto';

/** The namespace of our keys. */
const namespace = Buffer.from('8a0d1c5e3f7b4e529d16c2b4a7f05e91', 'hex');

/** The `Ref_Key` under which we create something, always the same for the same name (UUIDv5, RFC 9562, 5.5). */
export function ownKey(...name: readonly string[]): string {
  const hash = createHash('sha1').update(namespace).update(name.join('\n')).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

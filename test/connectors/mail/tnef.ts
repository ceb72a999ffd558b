/** A MAPI property value: text as UTF-16, bytes, or a number. */
type Value = string | Uint8Array | number;

function u16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

/** MAPI properties by id, as [MS-OXTNEF] encodes them; those from 0x8000 on have a name. */
export function mapiProperties(properties: Readonly<Record<number, Value>>): Buffer {
  const written = Object.entries(properties).map(([key, value]) => {
    const id = Number(key);
    const name =
      id < 0x8000 ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(16), u32(1), u32(5), Buffer.from('named\0\0\0')]);
    if (typeof value === 'number') return Buffer.concat([u16(0x0003), u16(id), name, u32(value)]);
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`, 'utf16le') : Buffer.from(value);
    const type = typeof value === 'string' ? 0x001f : 0x0102;
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
    return Buffer.concat([u16(type), u16(id), name, u32(1), u32(bytes.length), bytes, padding]);
  });
  return Buffer.concat([u32(written.length), ...written]);
}

/** A `winmail.dat` with these attributes; `level` 2 is for attributes of files. */
export function tnef(attributes: readonly (readonly [level: 1 | 2, id: number, content: Uint8Array])[]): Buffer {
  const written = attributes.map(([level, id, content]) => {
    const sum = content.reduce((total, byte) => (total + byte) & 0xffff, 0);
    return Buffer.concat([Buffer.from([level]), u32(id), u32(content.length), content, u16(sum)]);
  });
  return Buffer.concat([u32(0x223e9f78), u16(1), ...written]);
}

/** A letter by Outlook with a body, a file with a long name, and an embedded image; the older names use code page 1251. */
export const winmail = tnef([
  [1, 0x00089006, u32(0x00010000)],
  [1, 0x00069007, Buffer.concat([u32(1251), u32(0)])],
  [
    1,
    0x00069003,
    mapiProperties({ 3591: 1, 32769: 'x', 4096: 'Смотрите файл', 4115: Buffer.from('\x3cp>\xd1\xec', 'latin1') }),
  ],
  [2, 0x00069002, Buffer.alloc(14)],
  [2, 0x00018010, Buffer.from('d1f7b8f22e70646600', 'hex')],
  [2, 0x0006800f, Buffer.from('%PDF')],
  [2, 0x00069005, mapiProperties({ 14087: 'Счёт на насосы.pdf', 14094: 'application/pdf' })],
  [2, 0x00069002, Buffer.alloc(14)],
  [2, 0x00018010, Buffer.from('d1f7b8f22e70646600', 'hex')],
  [2, 0x0006800f, Buffer.from('old')],
]);

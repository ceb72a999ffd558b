/** A valid body made invalid: truncated, bytes changed, values of other types, or meaningless JSON. */
export function rubbish(genuine: Buffer, random: () => number): Buffer {
  const kind = Math.floor(random() * 4);
  if (kind === 0) return genuine.subarray(0, Math.floor(random() * genuine.length));
  if (kind === 1) {
    const bytes = Buffer.from(genuine);
    for (let n = 0; n < 4; n += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    return bytes;
  }
  const odd: unknown[] = [null, 0, -1, 1e300, '', 'x', '\u0000', [], {}, [[]], true, '9'.repeat(40), { toString: 1 }];
  // A fresh copy each time: a value placed inside itself would be circular.
  const pick = () => structuredClone(odd[Math.floor(random() * odd.length)]);
  if (kind === 2) return Buffer.from(JSON.stringify(pick()));
  const twisted = JSON.stringify(JSON.parse(genuine.toString('utf8')), (_, value: unknown) =>
    random() < 0.15 ? pick() : value,
  );
  return Buffer.from(twisted);
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oggOf, samplesOf } from '../../web/src/parts/voice/ogg.ts';
import { opusOfWebm } from '../../web/src/parts/voice/webm.ts';

/** Two and a half seconds of a tone, as ffmpeg writes WebM to a live stream. */
const webm = new Uint8Array(readFileSync(new URL('../fixtures/voice/sine.webm', import.meta.url)));

interface Page {
  readonly flags: number;
  readonly position: number;
  readonly number: number;
  readonly checksum: number;
  readonly bytes: Buffer;
  readonly packets: readonly Buffer[];
}

/** Reads Ogg by RFC 3533. Throws at what is no page. */
function pagesOf(file: Uint8Array): readonly Page[] {
  const bytes = Buffer.from(file);
  const pages: Page[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.toString('latin1', at, at + 4) !== 'OggS') throw new Error(`no page at ${at}`);
    const segments = [...bytes.subarray(at + 27, at + 27 + (bytes[at + 26] ?? 0))];
    const start = at + 27 + segments.length;
    const packets: Buffer[] = [];
    let from = start;
    let to = start;
    for (const length of segments) {
      to += length;
      if (length === 255) continue;
      packets.push(bytes.subarray(from, to));
      from = to;
    }
    expect(from).toBe(to);
    pages.push({
      flags: bytes[at + 5] ?? 0,
      position: Number(bytes.readBigUInt64LE(at + 6)),
      number: bytes.readUInt32LE(at + 18),
      checksum: bytes.readUInt32LE(at + 22),
      bytes: bytes.subarray(at, to),
      packets,
    });
    at = to;
  }
  return pages;
}

/** The checksum by a table, as the RFC gives it. */
function crcOf(page: Buffer): number {
  const table = Array.from({ length: 256 }, (_, i) => {
    let r = i * 2 ** 24;
    for (let bit = 0; bit < 8; bit += 1) r = (r & 0x80000000) !== 0 ? ((r << 1) ^ 0x04c11db7) >>> 0 : (r << 1) >>> 0;
    return r >>> 0;
  });
  const cleared = Buffer.from(page);
  cleared.writeUInt32LE(0, 22);
  let crc = 0;
  for (const byte of cleared) crc = ((crc << 8) ^ (table[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return crc;
}

describe('a recorded voice note', () => {
  it('becomes Ogg with the same packets, whose pages another reader accepts', () => {
    const track = opusOfWebm(webm);
    if (track === null) throw new Error('no Opus was found');
    const pages = pagesOf(oggOf(track));
    expect(pages.map(({ number }) => number)).toEqual(pages.map((_, i) => i));
    expect(pages.map(({ flags }) => flags)).toEqual([2, ...pages.slice(1, -1).map(() => 0), 4]);
    expect(pages.filter((page) => crcOf(page.bytes) !== page.checksum)).toEqual([]);
    const [head, tags, ...sound] = pages.flatMap(({ packets }) => packets);
    expect(head?.toString('latin1', 0, 8)).toBe('OpusHead');
    expect(tags?.toString('latin1', 0, 8)).toBe('OpusTags');
    expect(Buffer.concat(sound).equals(Buffer.concat(track.packets))).toBe(true);
    expect(sound.length).toBe(track.packets.length);
    const seconds = (pages.at(-1)?.position ?? 0) / 48_000;
    expect(seconds).toBeGreaterThan(2.4);
    expect(seconds).toBeLessThan(2.7);
  });

  it('of long packets splits them into pages and segments', () => {
    const head = new TextEncoder().encode('OpusHead') as Uint8Array<ArrayBuffer>;
    const packets = [255, 510, 1275, 30_000, 1].map((length) => new Uint8Array(length).fill(0xfc));
    const pages = pagesOf(oggOf({ head, packets }));
    expect(pages.slice(2).flatMap((page) => page.packets.map(({ length }) => length))).toEqual([
      255, 510, 1275, 30_000, 1,
    ]);
    expect(pages.every((page) => crcOf(page.bytes) === page.checksum)).toBe(true);
  });

  it.each([
    [0x00, 480],
    [0x18, 2880],
    [0x60, 480],
    [0x68, 960],
    [0x80, 120],
    [0xf8, 960],
    [0xf9, 1920],
    [0xfa, 1920],
  ])('counts the samples of a packet that begins with %i', (toc, samples) => {
    expect(samplesOf(Uint8Array.of(toc))).toBe(samples);
  });

  it('counts the frames of a packet that says how many it has', () => {
    expect(samplesOf(Uint8Array.of(0xfb, 3))).toBe(2880);
  });

  it('is not found in rubbish, in a cut file, or without sound', () => {
    expect(opusOfWebm(new Uint8Array(0))).toBeNull();
    expect(opusOfWebm(new TextEncoder().encode('RIFF is no WebM') as Uint8Array<ArrayBuffer>)).toBeNull();
    for (let end = 0; end < webm.length; end += 97) expect(() => opusOfWebm(webm.slice(0, end))).not.toThrow();
    expect(opusOfWebm(webm.slice(0, 200))).toBeNull();
  });
});

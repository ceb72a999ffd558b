import type { OpusTrack } from './webm.ts';

const serial = 0x70617463;
/** A page holds at most 255 segments of up to 255 bytes (RFC 3533, section 6). */
const maxSegments = 255;
/** Packets of a page: a second of sound in the usual packets of 20 ms. */
const packetsOfPage = 50;
const beginning = 0x02;
const ending = 0x04;

/** Writes Opus packets as an Ogg file (RFC 7845), which messengers take as a voice note. */
export function oggOf({ head, packets }: OpusTrack): Uint8Array<ArrayBuffer> {
  const pages: Uint8Array<ArrayBuffer>[] = [
    page([head], { flags: beginning, position: 0, number: 0 }),
    page([tags()], { flags: 0, position: 0, number: 1 }),
  ];
  let position = 0;
  for (let at = 0; at < packets.length; ) {
    const some = pageOf(packets, at);
    for (const packet of some) position += samplesOf(packet);
    at += some.length;
    pages.push(page(some, { flags: at === packets.length ? ending : 0, position, number: pages.length }));
  }
  return joined(pages);
}

/** How many samples at 48 kHz a packet is long: its first byte tells (RFC 6716, section 3.1). */
export function samplesOf(packet: Uint8Array): number {
  const [toc = 0, counts = 0] = packet;
  const config = toc >> 3;
  const frame =
    config < 12
      ? ([480, 960, 1920, 2880][config & 3] ?? 0)
      : config < 16
        ? ([480, 960][config & 1] ?? 0)
        : ([120, 240, 480, 960][config & 3] ?? 0);
  const code = toc & 3;
  return frame * (code === 0 ? 1 : code < 3 ? 2 : counts & 0x3f);
}

/** The packets of the page that begins at a packet. */
function pageOf(packets: OpusTrack['packets'], from: number): OpusTrack['packets'] {
  let segments = 0;
  let to = from;
  while (to < packets.length && to - from < packetsOfPage) {
    segments += segmentsOf(packets[to] as Uint8Array);
    if (segments > maxSegments && to > from) break;
    to += 1;
  }
  return packets.slice(from, to);
}

function segmentsOf(packet: Uint8Array): number {
  return Math.floor(packet.length / 255) + 1;
}

interface PageFacts {
  readonly flags: number;
  /** Samples up to the end of the page. */
  readonly position: number;
  readonly number: number;
}

function page(packets: readonly Uint8Array[], { flags, position, number }: PageFacts): Uint8Array<ArrayBuffer> {
  const lengths = packets.flatMap((packet) => [
    ...Array<number>(segmentsOf(packet) - 1).fill(255),
    packet.length % 255,
  ]);
  const head = new Uint8Array(27 + lengths.length);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode('OggS'));
  head[5] = flags;
  view.setBigUint64(6, BigInt(position), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, number, true);
  head[26] = lengths.length;
  head.set(lengths, 27);
  const whole = joined([head, ...packets]);
  new DataView(whole.buffer).setUint32(22, checksum(whole), true);
  return whole;
}

function tags(): Uint8Array<ArrayBuffer> {
  const vendor = new TextEncoder().encode('Patchbay');
  const length = new Uint8Array(new Uint32Array([vendor.length]).buffer);
  return joined([new TextEncoder().encode('OpusTags'), length, vendor, new Uint8Array(4)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The cyclic redundancy check of a page, whose own field is zero meanwhile: polynomial 0x04c11db7, not reflected. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

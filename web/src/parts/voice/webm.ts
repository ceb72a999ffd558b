/** What a WebM recording of one Opus track holds (RFC 8794 for EBML, matroska.org for the elements). */
export interface OpusTrack {
  /** The track's `CodecPrivate`: an `OpusHead` (RFC 7845, section 5.1). */
  readonly head: Uint8Array<ArrayBuffer>;
  readonly packets: readonly Uint8Array<ArrayBuffer>[];
}

const codecPrivate = 0x63a2;
const simpleBlock = 0xa3;
const block = 0xa1;
/** Elements whose children are read. A recorder does not know their sizes when it begins them, so they have no end. */
const containers: ReadonlySet<number> = new Set([
  0x18538067, // Segment
  0x1f43b675, // Cluster
  0x1654ae6b, // Tracks
  0xae, // TrackEntry
  0xa0, // BlockGroup
]);
/** Number of bytes before the data of a block with a track number below 127: the number, the time and the flags. */
const blockHeader = 4;
/** Bits of a block's flags that say that it holds several frames, which recorders of sound do not use. */
const lacing = 0x06;

/** Reads the packets of a recording by `MediaRecorder`. Null if it is not WebM with Opus. */
export function opusOfWebm(bytes: Uint8Array<ArrayBuffer>): OpusTrack | null {
  let head: Uint8Array<ArrayBuffer> | null = null;
  const packets: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const id = number(bytes, at, true);
    const size = id === null ? null : number(bytes, at + id.length, false);
    if (id === null || size === null) break;
    at += id.length + size.length;
    if (containers.has(id.value)) continue;
    const data = bytes.subarray(at, at + size.value);
    if (id.value === codecPrivate) head = data;
    if (id.value === simpleBlock || id.value === block) {
      if (((data[blockHeader - 1] ?? 0) & lacing) !== 0) return null;
      if (data.length > blockHeader) packets.push(data.subarray(blockHeader));
    }
    at += size.value;
  }
  const isOpus = head !== null && new TextDecoder().decode(head.subarray(0, 8)) === 'OpusHead';
  return head !== null && isOpus && packets.length > 0 ? { head, packets } : null;
}

/** A number whose leading bits tell its length. Ids keep those bits. Null after the end, or if it is no such number. */
function number(bytes: Uint8Array, at: number, isId: boolean): { value: number; length: number } | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || length > (isId ? 4 : 8) || at + length > bytes.length) return null;
  let value = isId ? first : first & (0xff >> length);
  for (let i = 1; i < length; i += 1) value = value * 256 + (bytes[at + i] ?? 0);
  return { value, length };
}

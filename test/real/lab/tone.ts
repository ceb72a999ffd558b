import { existsSync, writeFileSync } from 'node:fs';

/** One sample of 16-bit PCM as G.711 µ-law. */
function muLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 0x84;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

/** Writes ten seconds of a 440 Hz tone as raw µ-law for SIPp to play, unless the file exists. Returns the path. */
export function toneFile(dir: string): string {
  const path = `${dir}/tone.ulaw`;
  if (!existsSync(path)) {
    const samples = Uint8Array.from({ length: 80_000 }, (_, index) =>
      muLaw(Math.round(8000 * Math.sin((2 * Math.PI * 440 * index) / 8000))),
    );
    writeFileSync(path, samples);
  }
  return path;
}

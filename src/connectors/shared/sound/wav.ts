/** Bytes of the header of a PCM WAV file. */
export const wavHeaderBytes = 44;

/** Facts of a WAV file. */
export interface WavFacts {
  /** Whether the header's length is that of the file: Asterisk writes it when it closes the file. */
  readonly whole: boolean;
  readonly seconds: number | null;
}

/** What the header of a WAV file says, compared with the file's length. Null if it is no WAV file. */
export function wavFacts(header: Buffer, bytes: number): WavFacts | null {
  const isWav = header.toString('latin1', 0, 4) === 'RIFF' && header.toString('latin1', 8, 12) === 'WAVE';
  if (header.length < wavHeaderBytes || !isWav) return null;
  const rate = header.readUInt32LE(28);
  // An odd length is padded by one byte, which the header may or may not count.
  const whole = Math.abs(header.readUInt32LE(4) + 8 - bytes) <= 1;
  return { whole, seconds: rate === 0 ? null : Math.round(Math.max(0, bytes - wavHeaderBytes) / rate) };
}

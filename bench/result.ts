/** A figure and that of its peer, measured in one run on one machine. */
export interface BenchResult {
  readonly name: string;
  readonly ours: number;
  readonly unit: string;
  /** Description of the peer. */
  readonly peer: string;
  readonly peerRate: number;
  /** `ours / peerRate`. */
  readonly ratio: number;
  /** Target of the ratio, or of the figure if there is no peer. */
  readonly aim: string;
}

/** Creates a result; `rate` is the figure of the peer. */
export function result(name: string, ours: number, unit: string, peer: string, rate: number, aim: string): BenchResult {
  const round = (value: number) => Math.round(value * 100) / 100;
  return { name, ours: round(ours), unit, peer, peerRate: round(rate), ratio: round(ours / rate), aim };
}

/** The median. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

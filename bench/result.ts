/** One figure beside its peer, taken in one run on one machine. */
export interface BenchResult {
  readonly name: string;
  readonly ours: number;
  readonly unit: string;
  /** What ours is compared with, in words. */
  readonly peer: string;
  readonly peerRate: number;
  /** `ours / peerRate`. */
  readonly ratio: number;
  /** What the ratio (or, without a peer, the figure) should be. */
  readonly aim: string;
}

/** A row of the table; `rate` is the peer's figure. */
export function result(name: string, ours: number, unit: string, peer: string, rate: number, aim: string): BenchResult {
  const round = (value: number) => Math.round(value * 100) / 100;
  return { name, ours: round(ours), unit, peer, peerRate: round(rate), ratio: round(ours / rate), aim };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

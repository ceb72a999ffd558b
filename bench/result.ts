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

import type { OpenMessenger } from './contract-bench.ts';
import { describeReceiver } from './contract-receiving.ts';
import { describeSender } from './contract-sending.ts';

/** What every messenger connector must do; run for each. */
export function describeMessenger(name: string, open: OpenMessenger): void {
  describeReceiver(name, open);
  describeSender(name, open);
}

import type { CallRecording, CallSnapshot } from '../../../../domain/interaction/contact-event.ts';
import type { CelTold } from './teller.ts';

/**
 * What is told of a call that the `cdr` table has as `call`, and the `cel` table as `cel`. The latter knows more, unless it is not
 * whole, or its events lack the bridges. The former has the recordings.
 */
export function joined(
  call: CallSnapshot | null,
  cel: CelTold | undefined,
  recordings: readonly CallRecording[],
): readonly CallSnapshot[] {
  const byRows = call === null ? [] : [call];
  if (cel === undefined || !cel.isWhole || (call?.state === 'answered' && !cel.hasBridges)) return byRows;
  const [first, ...others] = cel.calls;
  if (first === undefined) return [];
  return [{ ...first, dialled: first.dialled ?? call?.dialled ?? null, recordings }, ...others];
}

import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Recording } from '../../../domain/interaction/recording.ts';
import type { Talk } from './talks.ts';

/**
 * The recording that belongs to a part of a call: the portal keeps one. A recording of the talk's own legs goes before
 * one of the whole call, and the longest of several is taken. Null if there is none yet.
 */
export function bestRecording({ recordings }: Interaction, talk: Talk | null): Recording | null {
  const ready = recordings.filter(({ state, bytes }) => state === 'ready' && bytes !== 0);
  const kind = talk === null ? 'voicemail' : 'call';
  const [best] = ready
    .filter((one) => rank(one, talk, kind) > 0)
    .sort((a, b) => rank(b, talk, kind) - rank(a, talk, kind) || (b.seconds ?? 0) - (a.seconds ?? 0));
  return best ?? null;
}

function rank({ kind, leg }: Recording, talk: Talk | null, wanted: Recording['kind']): number {
  // Somebody else's leg.
  if (talk !== null && leg !== null && !talk.legs.includes(leg)) return 0;
  if (kind !== wanted) return talk === null ? 1 : 0;
  return leg === null ? 2 : 3;
}

import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { Recording } from '../../domain/interaction/recording.ts';

/** The legs of a talk, by their indexes. */
interface Legs {
  readonly legs: readonly number[];
}

/**
 * The recording of a talk, or of the whole call if `talk` is null, for cores that keep one. A recording of the talk's
 * own legs goes before one of the whole call, and the longest of several is taken. Of a call that nobody answered, it is
 * the voicemail. Null if there is none yet.
 */
export function bestRecording(call: Interaction, talk: Legs | null): Recording | null {
  return bestOf(call, talk, ({ state, bytes }) => state === 'ready' && bytes !== 0);
}

/** The recording whose transcript belongs to a part of a call, chosen in the same way. Null if there is none yet. */
export function bestTranscribed(call: Interaction, talk: Legs | null): Recording | null {
  return bestOf(call, talk, ({ transcript }) => transcript?.state === 'ready');
}

function bestOf(
  { recordings, state }: Interaction,
  talk: Legs | null,
  isUsable: (recording: Recording) => boolean,
): Recording | null {
  const wanted = talk === null && state !== 'answered' ? 'voicemail' : 'call';
  const usable = recordings.filter(
    (one) => one.kind === wanted && isUsable(one) && (talk === null || one.leg === null || talk.legs.includes(one.leg)),
  );
  const [best] = usable.toSorted((a, b) => precision(b) - precision(a) || (b.seconds ?? 0) - (a.seconds ?? 0));
  return best ?? null;
}

/** A recording of one leg is more precise than one of the whole call. */
function precision({ leg }: Recording): number {
  return leg === null ? 0 : 1;
}

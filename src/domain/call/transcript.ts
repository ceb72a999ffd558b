import { createHash } from 'node:crypto';
import { cleaned } from '../base/clean-text.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
import type { TranscriptRef } from '../interaction/recording.ts';

/** Who says a phrase: the outside party or an employee. */
export type Speaker = 'client' | 'manager';

/** What somebody said in a recording. Times are seconds from its beginning. */
export interface Phrase {
  /** Null if unknown: most recognisers do not tell speakers apart. */
  readonly side: Speaker | null;
  /** Which employee; null if unknown, or if the client speaks. */
  readonly manager: Named | null;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What was said in a recording. */
export interface Transcript {
  /** BCP 47; null if unknown. */
  readonly language: string | null;
  /** Who recognised the speech, in its own words; null if unknown. */
  readonly source: string | null;
  /** In the order in which they begin; never empty. */
  readonly phrases: readonly Phrase[];
}

/** What is kept at most. An hour of talk has about 60,000 characters. */
export const transcriptLimits = { phrases: 5000, characters: 200_000, phrase: 5000, seconds: 86_400 } as const;

/** A language tag of BCP 47, without rare parts. */
export const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

/** Why a transcript is refused. */
export class TranscriptError extends Error {
  override readonly name = 'TranscriptError';
}

/** A transcript as it is kept: phrases in order, without empty ones. Throws a {@link TranscriptError} if it exceeds a limit. */
export function transcriptOf({ language, source, phrases }: Transcript): Transcript {
  const spoken = phrases
    .map((phrase) => ({
      side: phrase.side,
      manager: phrase.manager,
      from: seconds(phrase.from),
      to: Math.max(seconds(phrase.from), seconds(phrase.to)),
      text: plain(phrase.text),
    }))
    .filter(({ text }) => text !== '')
    .toSorted((a, b) => a.from - b.from);
  if (spoken.length === 0) throw new TranscriptError('expected at least one phrase with a text');
  if (spoken.length > transcriptLimits.phrases)
    throw new TranscriptError(`expected at most ${transcriptLimits.phrases} phrases, got ${spoken.length}`);
  const characters = spoken.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > transcriptLimits.characters)
    throw new TranscriptError(`expected at most ${transcriptLimits.characters} characters, got ${characters}`);
  return { language, source, phrases: spoken };
}

/** A text on one line. */
function plain(text: string): string {
  return cleaned(text.replaceAll('\0', '')).replace(/\s+/g, ' ').trim();
}

/** Seconds to the hundredth, within a day. */
function seconds(value: number): number {
  return Math.round(Math.min(Math.max(0, value), transcriptLimits.seconds) * 100) / 100;
}

/** The id of a transcript. The same contents have the same id. */
export function transcriptId(transcript: Transcript): string {
  return createHash('sha256').update(JSON.stringify(transcript)).digest('hex').slice(0, 16);
}

/**
 * The call with a transcript of one of its recordings, as of the next revision. Null if it has this transcript already, or the
 * recording is not one of its own.
 */
export function withTranscript(
  call: Interaction,
  recording: string,
  transcript: Transcript,
  publicUrl: string,
): Interaction | null {
  const id = transcriptId(transcript);
  const had = call.recordings.find((one) => one.id === recording);
  if (had === undefined || (had.transcript?.id === id && had.transcript.state === 'ready')) return null;
  const { language, phrases } = transcript;
  const url = `${publicUrl}/api/v1/recordings/${recording}/transcript`;
  const ref: TranscriptRef = { id, state: 'ready', language, phrases: phrases.length, url };
  const recordings = call.recordings.map((one) => (one.id === recording ? { ...one, transcript: ref } : one));
  return { ...call, recordings, revision: call.revision + 1 };
}

/** A transcript whose text is gone. */
export function erasedTranscript(ref: TranscriptRef | null): TranscriptRef | null {
  return ref === null ? null : { ...ref, state: 'erased', url: null };
}

/** Whether a recording of a contact has, or had, a transcript. */
export function hasTranscript({ recordings }: Pick<Interaction, 'recordings'>): boolean {
  return recordings.some(({ transcript }) => transcript !== null);
}

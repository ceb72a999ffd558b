import type { Reason } from '../base/reason.ts';

/** The sound of a call, or a message that the caller left in it. */
export interface Recording {
  readonly id: string;
  /** Index into `legs`, or null for the whole call. */
  readonly leg: number | null;
  readonly kind: 'call' | 'voicemail';
  readonly state: 'pending' | 'ready' | 'missing' | 'erased';
  readonly startedAt: string;
  readonly seconds: number | null;
  readonly mime: string | null;
  readonly bytes: number | null;
  readonly url: string | null;
  /** Why it can't be played, in English; null if it can, or is still looked for without problems. */
  readonly problem: string | null;
  /** The same as a code. Null in recordings of earlier versions, which stored no problems. */
  readonly problemReason: Reason | null;
  readonly transcript: TranscriptRef | null;
}

/** That a recording has a transcript. Its text is read separately, at `url`. */
export interface TranscriptRef {
  /** Made from the contents, so it differs once the transcript is replaced. */
  readonly id: string;
  readonly state: 'ready' | 'erased';
  /** BCP 47; null if unknown. */
  readonly language: string | null;
  /** The number of phrases. */
  readonly phrases: number;
  readonly url: string | null;
}

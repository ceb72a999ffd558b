import {
  languageTag,
  type Phrase,
  type Transcript,
  TranscriptError,
  transcriptLimits,
  transcriptOf,
} from '../../../domain/call/transcript.ts';
import { type Fields, fields, list, number, parseJson, text } from '../../../runtime/http/fields.ts';
import type { Job } from '../../../runtime/jobs/job.ts';
import { speakerOf } from './speaker.ts';
import { subtitlePhrases } from './subtitles.ts';

/** A file that a speech recogniser has written, named by its kind. */
export interface TranscriptFile {
  readonly kind: 'json' | 'vtt' | 'srt';
  readonly text: string;
}

/** What is in the file, or why it is not used. */
export type TranscriptReading =
  | { readonly ok: true; readonly transcript: Transcript }
  | { readonly ok: false; readonly why: string };

/** Reads the file of a speech recogniser. */
export const readTranscript: Job<TranscriptFile, TranscriptReading> = {
  name: 'read-transcript',
  run: (file) => {
    try {
      const content = file.text.replace(/^\ufeff/, '');
      return {
        ok: true,
        transcript: transcriptOf(file.kind === 'json' ? jsonTranscript(content) : subtitles(content)),
      };
    } catch (error) {
      if (error instanceof TranscriptError) return { ok: false, why: error.message };
      throw error;
    }
  },
};

function subtitles(content: string): Transcript {
  return { language: null, source: null, phrases: subtitlePhrases(content) };
}

/** Our own format, and those of Whisper (`segments`) and whisper.cpp (`transcription`). */
function jsonTranscript(content: string): Transcript {
  const root = fields(parseJson(content));
  const language = text(root.language) ?? text(fields(root.result).language);
  const spoken = [root.phrases, root.segments, root.transcription].find(Array.isArray);
  return {
    language: language !== null && languageTag.test(language) ? language : null,
    source: text(root.source)?.slice(0, 64) ?? null,
    phrases: list(spoken).map((one) => phraseOf(fields(one))),
  };
}

function phraseOf(one: Fields): Phrase {
  const offsets = fields(one.offsets);
  const from = number(one.from) ?? number(one.start) ?? secondsOf(offsets.from);
  const to = number(one.to) ?? number(one.end) ?? secondsOf(offsets.to);
  if (from === null || to === null) throw new TranscriptError('expected each phrase to have its times in seconds');
  const said = (text(one.text) ?? '').slice(0, transcriptLimits.phrase);
  return { side: speakerOf(text(one.side) ?? text(one.speaker)), manager: null, from, to, text: said };
}

/** whisper.cpp writes milliseconds. */
function secondsOf(milliseconds: unknown): number | null {
  const found = number(milliseconds);
  return found === null ? null : found / 1000;
}

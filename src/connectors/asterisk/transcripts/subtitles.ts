import type { Phrase, Speaker } from '../../../domain/call/transcript.ts';
import { speakerOf } from './speaker.ts';

/** The phrases of subtitles, WebVTT or SubRip. Both are blocks of a line of times and lines of text, up to an empty line. */
export function subtitlePhrases(text: string): readonly Phrase[] {
  const phrases: Phrase[] = [];
  let times: Times | null = null;
  /** How many phrases came before the current block. */
  let before = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const begun = timesOf(line);
    if (begun !== null || line.trim() === '') {
      times = begun;
      before = phrases.length;
    } else if (times !== null) {
      const last = phrases.length > before ? phrases.at(-1) : undefined;
      const spoken = withoutTags(line);
      const side: Speaker | null = spoken.speaker === null ? (last?.side ?? null) : speakerOf(spoken.speaker);
      // The lines of one speaker are one phrase.
      if (last?.side === side) phrases[phrases.length - 1] = { ...last, text: `${last.text} ${spoken.text}` };
      else phrases.push({ side, manager: null, ...times, text: spoken.text });
    }
  }
  return phrases;
}

interface Times {
  readonly from: number;
  readonly to: number;
}

/** The times of `00:01:02.345 --> 00:01:04,000 align:start`; null for other lines. */
function timesOf(line: string): Times | null {
  const arrow = line.indexOf('-->');
  if (arrow < 0) return null;
  const [from, to] = [secondsOf(line.slice(0, arrow).trim()), secondsOf(line.slice(arrow + 3).trim())];
  return from === null || to === null ? null : { from, to };
}

function secondsOf(text: string): number | null {
  const found = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})/.exec(text);
  if (found === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = found;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`);
}

/** A line without its tags, and the speaker of a voice tag: `<v Client>Hello</v>`. */
function withoutTags(line: string): { readonly text: string; readonly speaker: string | null } {
  let text = '';
  let speaker: string | null = null;
  let at = 0;
  for (;;) {
    const open = line.indexOf('<', at);
    const close = open < 0 ? -1 : line.indexOf('>', open);
    if (close < 0) return { text: withoutEntities(text + line.slice(at)), speaker };
    const tag = line.slice(open + 1, close);
    const isTag = /^[/a-z0-9]/i.test(tag);
    text += line.slice(at, isTag ? open : close + 1);
    if (/^v[.\s]/.test(tag)) speaker = tag.slice(tag.search(/\s|$/)).trim();
    at = close + 1;
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  quot: '"',
  lrm: '',
  rlm: '',
};

function withoutEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|nbsp|quot|lrm|rlm);/g, (whole, name: string) => entities[name] ?? whole);
}

import type { EventKey } from '../../domain/base/ids.ts';
import type { OutboundContent, SendOutcome, SentPart } from '../../domain/outbound/outbound.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';
import { sleep } from '../../runtime/sleep.ts';

/** Sends one part of a message. Resolves to the key of the sent part. */
export type SendPart = (signal: AbortSignal) => Promise<EventKey>;

/** One part of a message, because services accept one file per message. */
export interface Part {
  readonly text: string | null;
  readonly files: readonly WrittenAttachment[];
  readonly send: SendPart;
}

const maxAttempts = 3;
const maxPause = 60_000;

/**
 * Sends the parts in order. If the first one fails, its error is the outcome. If a later one fails, it is retried here, because the
 * whole message must not be sent twice. If the retries fail too, the outcome is left to a human.
 */
export async function sendParts(
  parts: readonly Part[],
  handle: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const keys: EventKey[] = [];
  for (const { send } of parts) {
    for (let tries = 1; ; tries += 1) {
      try {
        keys.push(await send(signal));
        break;
      } catch (error) {
        if (keys.length === 0) return outcomeOf(error);
        const { trouble, reason: why, after } = asServiceError(error);
        const passing = trouble === 'later' || trouble === 'unreachable';
        if (!passing || tries === maxAttempts || signal.aborted || (after ?? 0) > maxPause) {
          const partly = { sent: keys.length, parts: parts.length, reason: why };
          return { kind: 'uncertain', reason: reason('partlySent', partly) };
        }
        await sleep(after ?? 1000 * tries, signal);
      }
    }
  }
  return { kind: 'sent', keys, handle, state: 'sent', ...sentAs(parts, keys) };
}

/** The parts with their keys, if they are several. */
export function sentAs(
  parts: readonly Pick<Part, 'text' | 'files'>[],
  keys: readonly EventKey[],
): { readonly parts?: readonly SentPart[] } {
  if (parts.length < 2) return {};
  return {
    parts: parts.flatMap(({ text, files }, i) => {
      const key = keys[i];
      return key === undefined ? [] : [{ key, text, files }];
    }),
  };
}

/** The service's id of the message that is to be quoted; null if none. Messages recorded by older versions may have no id. */
export function quotedId({ quote, replyTo }: Pick<OutboundContent, 'quote' | 'replyTo'>): string | null {
  return quote === true ? (replyTo?.message ?? null) : null;
}

/** How a service sends text and files. */
export interface PartMaker {
  /** Maximum characters of one message. */
  readonly maxTextLength: number;
  /** Maximum characters of the caption of a file; -1 if it has no caption. */
  maxCaptionLength(file: WrittenAttachment): number;
  words(text: string, index: number): SendPart;
  /** `isFirst`: no other part precedes it. */
  file(file: WrittenAttachment, caption: string | null, isFirst: boolean): SendPart;
}

/** Splits a message into parts: first the text, if there is any, then the files. If there is only one file, the text becomes its caption if it fits. */
export function partsOf(
  { text, attachments }: Pick<OutboundContent, 'text' | 'attachments'>,
  maker: PartMaker,
): readonly Part[] {
  const [only, ...others] = attachments;
  if (only !== undefined && others.length === 0 && text.length <= maker.maxCaptionLength(only))
    return [filePart(maker, only, text === '' ? null : text, true)];
  const said = text === '' && only !== undefined ? [] : pieces(text, maker.maxTextLength);
  const words = said.map((piece, i) => ({ text: piece, files: [], send: maker.words(piece, i) }));
  return [...words, ...attachments.map((file, i) => filePart(maker, file, null, i === 0 && words.length === 0))];
}

function filePart(maker: PartMaker, file: WrittenAttachment, caption: string | null, isFirst: boolean): Part {
  return { text: caption, files: [file], send: maker.file(file, caption, isFirst) };
}

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Maximum UTF-16 units of a character. For comparison, the emoji of a family of four has eleven. */
const maxCharacterLength = 64;

/** Splits a text into pieces of at most `max` UTF-16 units, at line ends or spaces if possible and never within a character. */
export function pieces(text: string, max: number): readonly string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const window = rest.slice(0, max);
    const at = [window.lastIndexOf('\n'), window.lastIndexOf(' ')].find((place) => place > max / 2);
    const end = at ?? characterEnd(rest, max);
    found.push(rest.slice(0, end));
    rest = rest.slice(at === undefined ? end : end + 1);
  }
  if (rest !== '' || found.length === 0) found.push(rest);
  return found;
}

/** The end of the last character that fits into `max` units. Longer sequences of combining marks are split. */
function characterEnd(text: string, max: number): number {
  const from = Math.max(0, max - maxCharacterLength);
  const around = characters.segment(text.slice(from, max + maxCharacterLength));
  let end = 0;
  for (const { index } of around) if (from + index <= max) end = from + index;
  if (end > from) return end;
  return /[\ud800-\udbff]/.test(text.charAt(max - 1)) ? max - 1 : max;
}

/** The outcome of a failed attempt. `repeatable`: the service recognises repeats, so retrying does no harm. */
export function outcomeOf(error: unknown, repeatable = false): SendOutcome {
  const { trouble, reason: why, after } = asServiceError(error);
  if (trouble === 'refused') return { kind: 'failed', reason: why };
  if (trouble === 'unknown' && !repeatable) return { kind: 'uncertain', reason: reason('unsure', { reason: why }) };
  return { kind: 'retry', reason: why, after };
}

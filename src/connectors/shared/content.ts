import { joinedLines, text } from '../../runtime/http/fields.ts';
import type { Incoming, RemoteFile, Unshown } from './messages.ts';
import type { Envelope } from './messenger.ts';
import type { Words } from './words.ts';

/** The content of a message. */
export interface Content {
  /** Its text, line by line; empty lines are left out. */
  readonly lines: readonly (string | null)[];
  readonly files: readonly RemoteFile[];
  /** Names of its parts that the connector does not know. */
  readonly unknown: readonly string[];
}

/** Nothing at all. */
export const noContent: Content = { lines: [], files: [], unknown: [] };

/** Only text. */
export function said(...lines: readonly (string | null)[]): Content {
  return { ...noContent, lines };
}

/** Only a part of which nothing but its name is known. */
export function unknownPart(name: string): Content {
  return { ...noContent, unknown: [name] };
}

/** Only a file, at an address that needs no login; nothing if that is no URL. */
export function fileAt(address: unknown, name: string, mime: string): Content {
  const url = text(address);
  if (url === null || !URL.canParse(url)) return noContent;
  return { ...noContent, files: [{ name, mime, locate: async () => ({ url, headers: {} }) }] };
}

/** Several contents as one. */
export function together(...contents: readonly Content[]): Content {
  return {
    lines: contents.flatMap(({ lines }) => lines),
    files: contents.flatMap(({ files }) => files),
    unknown: [...new Set(contents.flatMap(({ unknown }) => unknown))],
  };
}

/** Whether there is nothing to show. */
export function isBlank({ lines, files, unknown }: Content): boolean {
  return files.length === 0 && unknown.length === 0 && textOf(lines) === null;
}

/** The content, or the given part as unknown if there is nothing in it. */
export function orUnknown(content: Content, name: string): Content {
  return isBlank(content) ? unknownPart(name) : content;
}

/** Formats forwarded content as a quotation of its author. */
export function forwarded(content: Content, from: string | null, words: Words): Content {
  return { ...content, lines: [words.forwarded(from), quoted(textOf(content.lines))] };
}

/** Formats text as a quotation. */
export function quoted(words: string | null): string | null {
  return words === null ? null : `> ${words.replaceAll('\n', '\n> ')}`;
}

/** A message to show, or a blank one that only counts. `raw` is the message as the service sent it, kept if parts of it are unknown. */
export function shown(
  contact: Envelope,
  content: Content,
  { raw, type, edited = 0, words }: ShownFrom,
): Incoming | Unshown {
  if (isBlank(content)) return { kind: 'unshown', what: 'empty', type };
  const { lines, files, unknown } = content;
  const names = unknown.length === 0 ? null : words.unsupported(unknown.join(', '));
  return {
    contact: { ...contact, text: textOf([...lines, names]), attachments: [] },
    files,
    edited,
    unknown: unknown.length === 0 ? null : { names: unknown, raw },
  };
}

/** Where a message to show comes from. */
export interface ShownFrom {
  readonly raw: unknown;
  /** Its type in the service's interface, for the metrics. */
  readonly type: string;
  /** Time of the last edit by the service's clock; absent if never edited. */
  readonly edited?: number;
  readonly words: Words;
}

function textOf(lines: Content['lines']): string | null {
  const joined = joinedLines(...lines);
  return joined === null || joined.trim() === '' ? null : joined;
}

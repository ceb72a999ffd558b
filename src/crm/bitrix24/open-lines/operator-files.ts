import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import { type Fields, fields, text, word } from '../../../runtime/http/fields.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** Files at most of one message. */
const maxFiles = 20;

/** Types by the ending of the name, as far as messengers treat them differently from other files. */
const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
};

/** The files of an operator's message: those that were fetched, and the addresses of the others. */
export interface OperatorFiles {
  readonly attachments: readonly WrittenAttachment[];
  readonly links: readonly string[];
}

/** Fetches the files of an operator's message. Only the portal is asked for them. */
export async function fetchFiles(given: readonly unknown[], parts: Bitrix24Parts): Promise<OperatorFiles> {
  const attachments: WrittenAttachment[] = [];
  const links: string[] = [];
  for (const file of given.slice(0, maxFiles).map(fields)) {
    const link = text(file.link);
    if (link === null || !isOnPortal(link, parts)) continue;
    try {
      attachments.push(await fetchFile(link, file, parts));
    } catch (error) {
      parts.context.log.warn({ err: error }, 'could not fetch a file of an operator; its link is sent instead');
      links.push(link);
    }
  }
  return { attachments, links };
}

async function fetchFile(link: string, { name }: Fields, { http, context }: Bitrix24Parts): Promise<WrittenAttachment> {
  const stream = await http.open(link, {}, context.signal);
  const { id, bytes } = await context.blobs.put(stream, http.largestFile);
  const called = word(name, 255) ?? 'file';
  const ending = called.slice(called.lastIndexOf('.') + 1).toLowerCase();
  const mime = Object.hasOwn(types, ending) ? types[ending] : undefined;
  return { blob: id, name: called, mime: mime ?? 'application/octet-stream', bytes };
}

function isOnPortal(link: string, { config }: Bitrix24Parts): boolean {
  const portal = config.app?.portal ?? config.webhook;
  return portal !== undefined && URL.canParse(link) && new URL(link).host === new URL(portal).host;
}

import type { Readable } from 'node:stream';
import type { Attachment, Interaction } from '../../../domain/interaction/interaction.ts';
import type { CoreContext } from '../../contract.ts';

/** A file in base64. */
export type Enclosed = readonly [name: string, content: string];

/** Files at most that are copied with one contact. */
const maxFiles = 20;

/** Which of a contact's files are copied into the portal, within a number of bytes; the others are named with a link. */
export function shareFiles(
  { attachments }: Interaction,
  maxBytes: number,
): { readonly enclosed: readonly Attachment[]; readonly linked: readonly Attachment[] } {
  let left = maxBytes;
  const enclosed = attachments.filter(({ bytes }, index) => {
    const fits = index < maxFiles && bytes > 0 && bytes <= left;
    if (fits) left -= bytes;
    return fits;
  });
  return { enclosed, linked: attachments.filter((one) => !enclosed.includes(one)) };
}

/** Reads files. One that is gone meanwhile is left out. */
export async function readFiles(
  attachments: readonly Attachment[],
  { attachment, blobs }: Pick<CoreContext, 'attachment' | 'blobs'>,
): Promise<readonly Enclosed[]> {
  const files: Enclosed[] = [];
  for (const { id, name, bytes } of attachments) {
    const file = await attachment(id);
    if (file === null || (await blobs.size(file.blob)) !== bytes) continue;
    files.push([safeName(name), (await contentOf(await blobs.open(file.blob))).toString('base64')]);
  }
  return files;
}

async function contentOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A name without path and control characters. */
function safeName(name: string): string {
  const base = name
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, '_')
    .slice(-150)
    .trim();
  return base === '' ? 'file' : base;
}

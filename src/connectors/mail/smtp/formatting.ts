import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { OutboundContent } from '../../../domain/outbound/outbound.ts';
import type { Logo } from '../../../domain/written/signature.ts';
import type { ConnectorContext } from '../../contract.ts';

/** What makes a letter more than text. */
export interface Formatting {
  /** The writer's words. */
  readonly html: string;
  /** The picture of the signature; null if there is none. */
  readonly logo: Buffer | null;
}

/** Reads the formatting of a letter; null if it is plain. A logo that can't be read is left out, and logged. */
export async function readFormatting(
  { formatted }: OutboundContent,
  logo: Logo | null,
  { blobs, log }: Pick<ConnectorContext, 'blobs' | 'log'>,
): Promise<Formatting | null> {
  if (formatted === undefined) return null;
  const html = await text(await blobs.open(formatted.blob));
  if (logo === null) return { html, logo: null };
  try {
    return { html, logo: await readFile(logo.path) };
  } catch (err) {
    log.warn({ err }, 'cannot read the logo of a signature; the letter is sent without it');
    return { html, logo: null };
  }
}

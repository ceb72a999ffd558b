import type { FastifyRequest } from 'fastify';
import type { Interaction } from '../domain/interaction/interaction.ts';
import { type EarlierLetter, forwardedLetter, quotedLetter } from '../domain/written/earlier-letter.ts';
import type { WrittenAttachment } from '../domain/written/written-contact.ts';
import type { ApiDeps } from './deps.ts';
import { interactionOf, readerOf } from './principal.ts';
import { invalid, Problem } from './problem.ts';

/** A letter to pass on, and its files, which are not stored again. */
export interface Forwarding {
  readonly letter: Interaction;
  readonly earlier: EarlierLetter;
  readonly files: readonly WrittenAttachment[];
}

/** The letter to pass on with a message, or null. Throws if the principal may not see it, or one of its files is gone. */
export async function forwarding(
  deps: ApiDeps,
  request: FastifyRequest,
  { forward, interaction }: { readonly forward?: string; readonly interaction?: string },
): Promise<Forwarding | null> {
  if (forward === undefined) return null;
  if (interaction !== undefined) throw invalid('/forward', 'forward', 'expected `to`; an answer passes nothing on');
  const letter = await interactionOf(deps, request, forward);
  if (letter.channel !== 'email') throw new Problem('conflict', 'only letters can be forwarded');
  const files = await Promise.all(letter.attachments.map(({ id }) => storedFile(deps, request, id)));
  return { letter, earlier: forwardedLetter(letter, deps.settings), files };
}

/** The quotation for an answer, or null. Answers of programs quote nothing: nobody reads them as a conversation. */
export function quotationOf(
  parent: Interaction | null,
  { automatic }: { readonly automatic?: boolean },
  settings: ApiDeps['settings'],
): EarlierLetter | null {
  return parent?.channel === 'email' && automatic !== true ? quotedLetter(parent, settings) : null;
}

async function storedFile(deps: ApiDeps, request: FastifyRequest, id: string): Promise<WrittenAttachment> {
  const file = await readerOf(deps, request).attachment(id);
  const bytes = file === null ? null : await deps.blobs.size(file.blob);
  if (file === null || bytes === null) throw new Problem('conflict', 'a file of the letter is no longer stored');
  const { blob, name, mime } = file;
  return { blob, name, mime, bytes };
}

import { createHash } from 'node:crypto';
import type { InteractionId } from '../base/ids.ts';
import type { WrittenAttachment } from './written-contact.ts';

/** The id of an attachment. It depends on the interaction, the content and the name only. */
export function attachmentId(interaction: InteractionId, { blob, name }: WrittenAttachment): string {
  return createHash('sha256').update(`${interaction}\n${blob}\n${name}`).digest('hex').slice(0, 32);
}

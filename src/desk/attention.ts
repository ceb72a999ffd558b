import type { InteractionId } from '../domain/base/ids.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Change } from '../domain/ports/writes.ts';
import type { DeskReader } from './desk.ts';
import type { DeskSocket } from './desk-socket.ts';
import type { OpenPages } from './office-state.ts';
import type { ClientMessage, ServerMessage } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** Shows clients what operators do with their messages. Never rejects. */
export interface DeskMarks {
  /** An operator is writing an answer to a message. */
  typing(interaction: Interaction): Promise<void>;
  /** An operator has opened the conversation of a message. */
  opened(interaction: Interaction): Promise<void>;
}

/** A desk's message about what its operator does with a conversation. */
export type AttentionMessage = Extract<ClientMessage, { type: 'opened' | 'typing' }>;

/**
 * Notes which conversation a page shows, and shows the client what the operator does. Resolves to the reason if the viewer may not see the
 * contact, or null.
 */
export async function attend(
  message: AttentionMessage,
  page: DeskSocket,
  { view, manager }: Viewer,
  { read, marks }: { readonly read: Pick<DeskReader, 'under'>; readonly marks: DeskMarks },
): Promise<string | null> {
  const interaction = await read.under(view).interaction(message.interaction as InteractionId);
  if (interaction === null) return `no interaction ${message.interaction}`;
  if (message.type === 'opened') page.conversation = interaction.thread;
  // Only managers answer clients; others merely look. Nothing waits for the service: the page may have decisions to send.
  if (manager !== null && interaction.channel === 'message') void marks[message.type](interaction);
  return null;
}

/** Tells the pages that show a conversation that its client is writing. */
export function showClientTyping(pages: Iterable<DeskSocket>, thread: string): void {
  const message: ServerMessage = { type: 'typing', thread };
  for (const page of pages) if (page.conversation === thread) page.send(message);
}

/** Tells the pages that show the conversation of a changed contact, and get no update of it, to read it again. */
export function showChanged(pages: OpenPages, { interaction: { thread }, desk }: Change): void {
  if (thread === null) return;
  const informed = new Set(desk.map(({ manager }) => manager));
  for (const [page, { manager }] of pages)
    if (page.conversation === thread && !informed.has(manager?.id ?? '')) page.send({ type: 'conversation', thread });
}

import type { InteractionId } from '../domain/base/ids.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import { auditWrite } from './decisions.ts';
import type { DeskReader } from './desk.ts';
import type { ClientMessage, DeskCommand } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** A desk's message that acts on a call. */
export type CommandMessage = Extract<ClientMessage, { type: 'command' }>;

/** Acts on the call of a message for a viewer. */
export type Command = (
  viewer: Viewer,
  interaction: Interaction,
  message: CommandMessage,
) => Promise<DeskCommand | DeskRefusal>;

/** Why a command was not even queued. */
export interface DeskRefusal {
  readonly code: string;
  readonly message: string;
}

/** Dependencies of commands. */
interface CommandParts {
  readonly read: Pick<DeskReader, 'under'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly command: Command;
}

/** Carries out a command on a call that the viewer may see, and writes it down. */
export async function commandOf(
  message: CommandMessage,
  viewer: Viewer,
  { read, apply, clock, command }: CommandParts,
): Promise<DeskCommand | DeskRefusal> {
  const interaction = await read.under(viewer.view).interaction(message.interaction as InteractionId);
  if (interaction === null) return { code: 'not_found', message: `no interaction ${message.interaction}` };
  const said = { action: 'change', what: `desk ${message.action}`, subject: message.interaction } as const;
  await apply([auditWrite(viewer.whose, clock.now(), said)]);
  return command(viewer, interaction, message);
}

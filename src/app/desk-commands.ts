import type { Command } from '../desk/commands.ts';
import type { CallCommands } from '../outbound/call-commands.ts';

/** Lets desks command calls under way, each viewer as the manager that they are. */
export function deskCommands(commands: Pick<CallCommands, 'request' | 'commanderOf'>): Command {
  return ({ manager, supervises }, interaction, { action, to }) =>
    commands.request(commands.commanderOf(manager?.id ?? null, supervises), { interaction, action, to: to ?? null });
}

import { entryOf } from '../../domain/base/entry-of.ts';
import type { HookAnswer, HookReceiver, HookRequest } from '../../domain/ports/hooks.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import { type Command, type CommandParts, invalid, unavailable, unknownToken } from './commands/command.ts';
import { history } from './commands/history.ts';
import { makeCall } from './commands/make-call.ts';
import { accounts, groups, subscribeOnCalls, subscriptionStatus } from './commands/people.ts';

/** Commands are short. */
const maxBytes = 16 * 1024;

/** The commands by `cmd`. An older text of the protocol misspells the last one. */
const commands: Readonly<Record<string, Command>> = {
  makeCall,
  accounts,
  groups,
  history,
  subscribeOnCalls,
  subscriptionStatus,
  subscribtionstatus: subscriptionStatus,
};

/** Receives the CRM's commands to its PBX: forms with `cmd` and `token`. */
export class CommandReceiver implements HookReceiver {
  readonly #token: string | undefined;
  readonly #parts: CommandParts;

  /** Without a token every command is refused. */
  constructor(token: string | undefined, parts: CommandParts) {
    this.#token = token;
    this.#parts = parts;
  }

  async receive({ method, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST' || body.byteLength > maxBytes) return invalid;
    const form = new URLSearchParams(body.toString('utf8'));
    const token = form.get('token');
    if (this.#token === undefined || token === null || !sameSecret(token, this.#token)) return unknownToken;
    const command = entryOf(commands, form.get('cmd'));
    if (command === undefined) return invalid;
    try {
      return await command(form, this.#parts);
    } catch (error) {
      this.#parts.context.log.warn({ err: error }, 'could not carry out a command of the CRM');
      return unavailable;
    }
  }
}

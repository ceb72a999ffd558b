import { isHumanLeg } from '../domain/call/human-leg.ts';
import { type Interaction, isLive, type Leg } from '../domain/interaction/interaction.ts';
import type { Logger } from '../runtime/log.ts';
import type { CallCommands } from './call-commands.ts';

/** Dependencies of {@link DeclinedCalls}. */
export interface DeclinedCallsParts {
  readonly commands: Pick<CallCommands, 'passOnDeclined'>;
  /** Whether calls of a connection may be taken from its dialplan. Null: the call came without a number of ours. */
  readonly isAllowed: (connection: string | null) => boolean;
  readonly log: Logger;
}

/**
 * Sends on calls that were declined, on PBXs whose dialplan does not ask for a route again. The dialplan has gone on meanwhile, to
 * voicemail or an announcement, so this is only done where the administrator allows it.
 */
export class DeclinedCalls {
  readonly #parts: DeclinedCallsParts;
  /** Declines of live calls that were acted on. */
  readonly #handled = new Map<string, number>();

  constructor(parts: DeclinedCallsParts) {
    this.#parts = parts;
  }

  /** Sends a changed call on if its last telephone has just declined it. */
  handle(call: Interaction): void {
    if (call.channel !== 'call' || call.direction !== 'inbound') return;
    if (!isLive(call.state) || call.endedAt !== null || call.mergedInto !== null) {
      this.#handled.delete(call.id);
      return;
    }
    const declines = declinesOf(call);
    if (declines <= (this.#handled.get(call.id) ?? 0) || !this.#parts.isAllowed(call.line?.connection ?? null)) return;
    this.#handled.set(call.id, declines);
    this.#passOn(call).catch((error: unknown) => {
      this.#parts.log.error({ err: error, interaction: call.id }, 'cannot pass on a declined call');
    });
  }

  async #passOn(call: Interaction): Promise<void> {
    const { commands, log } = this.#parts;
    const done = await commands.passOnDeclined(call);
    if (done === null)
      log.info({ interaction: call.id }, 'a declined call stays in the dialplan: nobody else is to be rung');
    else if ('code' in done || done.state !== 'done')
      log.warn(
        { interaction: call.id, why: 'code' in done ? done.message : done.problem },
        'a declined call could not be passed on',
      );
  }
}

/** How often telephones declined the call, if none is ringing or waiting in a queue any more; else 0. */
function declinesOf({ legs }: Interaction): number {
  const isBusyWithIt = (leg: Leg) => leg.talkedAt !== null || leg.endedAt === null;
  if (legs.some((leg) => (isHumanLeg(leg) && isBusyWithIt(leg)) || (leg.kind === 'queue' && leg.endedAt === null)))
    return 0;
  const rung = legs.filter(isHumanLeg);
  if (!hasDeclined(rung.at(-1))) return 0;
  return rung.filter(hasDeclined).reduce((sum, leg) => sum + Math.max(1, leg.rings), 0);
}

/** Many telephones report a declined call as busy. */
function hasDeclined(leg: Leg | undefined): boolean {
  return leg?.outcome === 'rejected' || leg?.outcome === 'busy';
}

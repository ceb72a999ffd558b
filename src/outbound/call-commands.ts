import { type InteractionId, newInteractionId } from '../domain/base/ids.ts';
import type { Reason } from '../domain/base/reason.ts';
import {
  type CallAction,
  type CommandState,
  isSpying,
  isTransfer,
  ringsOwnTelephone,
} from '../domain/call/call-command.ts';
import { ringsAt } from '../domain/call/calls-at.ts';
import { isHumanLeg } from '../domain/call/human-leg.ts';
import { parseExtension } from '../domain/directory/extension-place.ts';
import type { Manager, Staff } from '../domain/directory/manager.ts';
import { type Interaction, isLive, type Leg, type RouteSummary } from '../domain/interaction/interaction.ts';
import type { Outbound } from '../domain/outbound/outbound.ts';
import type { DeskLogReader, OutboundReader } from '../domain/ports/readers.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { reasonText } from '../domain/reasons/reasons.ts';
import type { Clock } from '../runtime/clock.ts';
import { sleep } from '../runtime/sleep.ts';

/** Dependencies of {@link CallCommands}. */
export interface CallCommandsParts {
  readonly read: Pick<OutboundReader, 'outbound'> & Pick<DeskLogReader, 'deskCalls'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly staff: () => Staff;
  /** Decides again where a ringing call goes, without the extensions that were tried. Null if routing names no telephone. */
  readonly next: (call: Interaction, tried: readonly string[]) => NextTelephone | null;
  readonly clock: Clock;
}

/** Where routing sends a call next, and why. */
export interface NextTelephone {
  readonly extension: string;
  readonly route: RouteSummary;
}

/** Who requests a command. */
export interface Commander {
  /** The manager for whom it is requested, or null. */
  readonly manager: Pick<Manager, 'id' | 'extensions'> | null;
  /** Whether they may act on calls of others, and listen. */
  readonly supervises: boolean;
}

/** What is requested. */
export interface CommandRequest {
  /** The call, which the requester may see. */
  readonly interaction: Interaction;
  readonly action: CallAction;
  /** Id of the manager to whom a transfer goes. For `pass_on` null means: to whom routing names. */
  readonly to: string | null;
}

/** A command as programs and pages see it. */
export interface CommandView {
  readonly id: string;
  readonly interaction: string;
  readonly action: CallAction;
  readonly state: CommandState;
  /** Why it was not carried out, in English. */
  readonly problem: string | null;
  readonly problemReason: Reason | null;
}

/** Why a command was not even queued. */
export interface CommandRefusal {
  readonly code: 'forbidden' | 'invalid' | 'conflict' | 'not_found';
  readonly message: string;
}

/** Milliseconds after which a command is not carried out any more: the call has moved on. */
const lifetime = 8000;
/** Milliseconds for which a request waits for the result, and between two looks. */
const patience = 10_000;
const lookEvery = 50;

/**
 * Commands to calls under way: who may give them, and how they ended. Each is stored before the PBX is told, carried out once by the
 * holder of the connection, and expires within seconds.
 */
export class CallCommands {
  readonly #parts: CallCommandsParts;

  constructor(parts: CallCommandsParts) {
    this.#parts = parts;
  }

  /** A manager as the requester of commands. */
  commanderOf(manager: string | null, supervises: boolean): Commander {
    return { manager: this.#manager(manager), supervises };
  }

  /** Requests a command, and waits for its result for some seconds. */
  async request(by: Commander, request: CommandRequest): Promise<CommandView | CommandRefusal> {
    const { interaction, action } = request;
    if (!isLive(interaction.state) || interaction.endedAt !== null || interaction.mergedInto !== null)
      return { code: 'conflict', message: 'the call has already ended' };
    const leg = legFor(by, request);
    if (leg !== null && 'code' in leg) return leg;
    const next = action === 'pass_on' && request.to === null ? this.#next(interaction) : null;
    const chosen = isTransfer(action) ? this.#extensionsOf(request.to) : null;
    const to = next === null ? chosen : [parseExtension(next.extension)];
    if (to !== null && to.length === 0) return { code: 'invalid', message: 'no colleague with an extension' };
    const own = ringsOwnTelephone(action) ? (by.manager?.extensions ?? []).map(parseExtension) : null;
    if (own !== null && own.length === 0) return { code: 'invalid', message: 'you have no extension that can ring' };
    return this.#queue({
      action,
      interaction: interaction.id,
      end: leg === null ? null : { extension: leg.extension, phone: leg.phone },
      to,
      own,
      ...(next !== null && { route: next.route }),
      manager: by.manager?.id ?? '',
    });
  }

  /** Picks up the call that rings at a colleague. Operators may do so within their department. */
  async pickUp(by: Commander, colleague: Manager): Promise<CommandView | CommandRefusal> {
    const self = this.#manager(by.manager?.id ?? null);
    const isNear = self !== null && self.department === colleague.department;
    if (!by.supervises && !isNear) return { code: 'forbidden', message: 'only calls of your own department' };
    const calls = await this.#parts.read.deskCalls(colleague.id);
    const interaction = calls.find((call) => ringsAt(call, colleague.id));
    if (interaction === undefined) return { code: 'conflict', message: 'no call rings at this colleague' };
    return this.request(by, { interaction, action: 'pick_up', to: null });
  }

  /** Sends a call that everybody who was rung has declined to whom routing names next. Null if it names nobody. */
  async passOnDeclined(call: Interaction): Promise<CommandView | CommandRefusal | null> {
    const next = this.#next(call);
    if (next === null) return null;
    const to = [parseExtension(next.extension)];
    const command = { action: 'pass_on', interaction: call.id, end: null } as const;
    return this.#queue({ ...command, to, own: null, route: next.route, manager: '' });
  }

  /** A command by its id, or null if there is none of this requester. */
  async find(by: Commander, id: InteractionId): Promise<CommandView | null> {
    const row = await this.#parts.read.outbound(id);
    if (row === null) return null;
    const isOwn = by.manager !== null && row.content.manager === by.manager.id;
    return isOwn || by.supervises ? viewOf(row) : null;
  }

  /** Where routing sends a ringing call when everybody who was rung is left out. */
  #next(interaction: Interaction): NextTelephone | null {
    const tried = interaction.legs.flatMap(({ extension }) => (extension === null ? [] : [extension]));
    return this.#parts.next(interaction, tried);
  }

  #manager(id: string | null): Manager | null {
    return this.#parts.staff().managers.find((one) => one.id === id) ?? null;
  }

  #extensionsOf(id: string | null) {
    return (this.#manager(id)?.extensions ?? []).map(parseExtension);
  }

  async #queue({
    to,
    own,
    route,
    manager,
    ...command
  }: Omit<Extract<Write, { op: 'command' }>, 'op' | 'id' | 'command' | 'expiresAt' | 'at'> &
    Extract<Write, { op: 'command' }>['command']): Promise<CommandView | CommandRefusal> {
    const { apply, clock } = this.#parts;
    const at = clock.now();
    const id = newInteractionId(at);
    const [result] = await apply([
      { op: 'command', id, command, to, own, ...(route && { route }), manager, expiresAt: at + lifetime, at },
    ]);
    if (result?.ok !== true) return { code: 'conflict', message: result?.message ?? 'nothing was written' };
    return this.#result(id);
  }

  /** Waits until a command has ended, whichever instance carries it out. */
  async #result(id: InteractionId): Promise<CommandView | CommandRefusal> {
    for (let waited = 0; ; waited += lookEvery) {
      const row = await this.#parts.read.outbound(id);
      const view = row === null ? null : viewOf(row);
      if (view === null) return { code: 'not_found', message: 'the command has been removed' };
      if (view.state !== 'requested' || waited >= patience) return view;
      await sleep(lookEvery);
    }
  }
}

/**
 * The leg that a command acts on, or why the requester may not: one's own, for a pick-up the one that rings, for listening the one that
 * talks. Null: the whole call.
 */
function legFor(by: Commander, { interaction, action }: CommandRequest): Leg | CommandRefusal | null {
  const isOwn = (leg: Leg) => by.manager !== null && leg.manager?.id === by.manager.id;
  const open = interaction.legs.filter((leg) => leg.endedAt === null && isHumanLeg(leg));
  const others = open.filter((leg) => !isOwn(leg));
  if (action === 'pick_up') {
    const ringing = others.find((leg) => leg.talkedAt === null);
    return ringing ?? { code: 'conflict', message: 'no telephone of a colleague rings for this call' };
  }
  if (action === 'pass_on') {
    const [ringing, ...more] = open.filter((leg) => leg.talkedAt === null);
    const isAlone = ringing !== undefined && more.length === 0 && open.length === 1;
    if (!isAlone) return { code: 'conflict', message: 'the call does not ring at exactly one telephone' };
    return isOwn(ringing) || by.supervises ? ringing : { code: 'forbidden', message: 'this is not your call' };
  }
  if (isSpying(action)) {
    if (!by.supervises) return { code: 'forbidden', message: 'only supervisors may listen' };
    const talking = others.findLast((leg) => leg.talkedAt !== null);
    return talking ?? { code: 'conflict', message: 'no colleague talks in this call' };
  }
  const own = open.findLast((leg) => isOwn(leg) && leg.talkedAt !== null) ?? open.findLast(isOwn);
  if (own !== undefined) return own;
  if (!by.supervises) return { code: 'forbidden', message: 'this is not your call' };
  if (action === 'hang_up') return null;
  const talking = open.findLast((leg) => leg.talkedAt !== null);
  return talking ?? { code: 'conflict', message: 'nobody talks in this call yet' };
}

function viewOf({ id, state, content }: Outbound): CommandView | null {
  const { command } = content;
  if (command === undefined) return null;
  const { interaction, action, problem } = command;
  return {
    id,
    interaction,
    action,
    state: state === 'due' || state === 'sending' ? 'requested' : state,
    problem: problem === null ? null : reasonText(problem),
    problemReason: problem,
  };
}

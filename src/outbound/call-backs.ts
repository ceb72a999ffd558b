import { eventKey, type InteractionId } from '../domain/base/ids.ts';
import type { Interaction, Named } from '../domain/interaction/interaction.ts';
import type { ContactReader, OutboundReader } from '../domain/ports/readers.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { ChosenCaller } from '../domain/routing/routing.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';

/** Dependencies of call-backs. */
export interface CallBackParts {
  readonly read: Pick<ContactReader, 'interaction' | 'task'> & Pick<OutboundReader, 'outbound'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  /** The telephone to ring, without the managers of `tried`; null if nobody can be reached. */
  readonly next: (wish: {
    readonly phone: string;
    readonly line: string | null;
    readonly tried: readonly string[];
  }) => ChosenCaller | null;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds after which a telephone need not ring any more. */
const lifetime = 30_000;
/** Milliseconds after the request for which further managers are tried; later the task remains. */
const patience = 120_000;
/** Managers who are rung for one request. */
const maxAttempts = 3;

/**
 * Calls that website visitors requested. The manager chosen by routing is rung first, then the next one if nobody answers; at the end the
 * form's task remains. Each attempt has its own key, so that only one of several instances rings the next manager.
 */
export class CallBacks {
  readonly #parts: CallBackParts;

  constructor(parts: CallBackParts) {
    this.#parts = parts;
  }

  /** Rings the first manager for a form; null if nobody can be reached now. */
  begin(form: Interaction): Promise<Named | null> {
    return this.#ring(form, []);
  }

  /** Looks whether a call that has changed was a try that nobody of ours took. */
  handle(call: Interaction): void {
    if (!wasNotTaken(call)) return;
    this.#goOn(call).catch((error: unknown) => {
      this.#parts.log.error(
        { err: error, interaction: call.id },
        'a call back could not be tried with the next manager',
      );
    });
  }

  async #goOn(call: Interaction): Promise<void> {
    const { read, clock, log } = this.#parts;
    const content = (await read.outbound(call.id))?.content;
    if (content?.callBack === undefined) return;
    const tried = [...content.callBack.tried, content.manager];
    const form = call.causedBy === null ? null : await read.interaction(call.causedBy as InteractionId);
    const task = form === null ? null : await read.task(form.id);
    // The visitor or a manager has called meanwhile.
    if (form === null || task?.state !== 'open') return;
    if (tried.length >= maxAttempts || clock.now() - Date.parse(form.startedAt) > patience) return;
    if ((await this.#ring(form, tried)) === null)
      log.info(
        { interaction: form.id, tried: tried.length },
        'nobody more can be reached for a call back: its task stands',
      );
  }

  async #ring(form: Interaction, tried: readonly string[]): Promise<Named | null> {
    const { next, apply, clock } = this.#parts;
    const { phone } = form.party;
    if (phone === null) return null;
    const caller = next({ phone, line: form.line?.id ?? null, tried });
    if (caller === null) return null;
    const key = eventKey('callback', `${form.id}:${tried.length}`);
    const at = clock.now();
    const [result] = await apply([
      {
        op: 'send',
        key,
        channel: 'call',
        answers: form.id,
        connection: caller.connection,
        content: {
          manager: caller.manager.id,
          extension: caller.extension,
          to: { email: null, phone, account: null, name: form.party.name },
          subject: null,
          text: '',
          attachments: [],
          line: null,
          callBack: { tried },
        },
        by: { id: 'auto', name: 'Patchbay' },
        expiresAt: at + lifetime,
        at,
      },
    ]);
    if (result?.ok !== true) throw new Error(`the store refused a call back: ${result?.message}`);
    await caller.keep(key);
    return caller.manager;
  }
}

/** Whether a call of ours ended before a manager answered. */
function wasNotTaken({ channel, direction, state, causedBy, answeredAt, mergedInto, legs }: Interaction): boolean {
  const over = state === 'failed' || state === 'unanswered';
  const ours = channel === 'call' && direction === 'outbound' && causedBy !== null && mergedInto === null;
  return ours && over && answeredAt === null && legs.every(({ outcome }) => outcome !== 'answered');
}

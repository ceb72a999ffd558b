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
  /** Chooses the telephone to ring, except those of managers in `tried`; null if nobody can be reached. */
  readonly next: (request: {
    readonly phone: string;
    readonly line: string | null;
    readonly tried: readonly string[];
  }) => ChosenCaller | null;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds after which a queued call is not made any more. */
const lifetime = 30_000;
/** Milliseconds after the request within which further managers are tried. After that, only the task remains. */
const retryPeriod = 120_000;
/** Maximum managers rung for one request. */
const maxAttempts = 3;

/**
 * Makes the calls that website visitors request. It rings the manager chosen by routing, then the next one if nobody answers. If all
 * attempts fail, the form's task remains. Each attempt has its own key, so that only one of several instances rings the next manager.
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

  /** Rings the next manager if a changed call is an attempt that nobody answered. */
  handle(call: Interaction): void {
    if (!wasNotAnswered(call)) return;
    this.#ringNext(call).catch((error: unknown) => {
      this.#parts.log.error({ err: error, interaction: call.id }, 'cannot try a call-back with the next manager');
    });
  }

  async #ringNext(call: Interaction): Promise<void> {
    const { read, clock, log } = this.#parts;
    const content = (await read.outbound(call.id))?.content;
    if (content?.callBack === undefined) return;
    const tried = [...content.callBack.tried, content.manager];
    const form = call.causedBy === null ? null : await read.interaction(call.causedBy as InteractionId);
    const task = form === null ? null : await read.task(form.id);
    // The visitor or a manager has called in the meantime.
    if (form === null || task?.state !== 'open') return;
    if (tried.length >= maxAttempts || clock.now() - Date.parse(form.startedAt) > retryPeriod) return;
    if ((await this.#ring(form, tried)) === null)
      log.info(
        { interaction: form.id, tried: tried.length },
        'no further manager can be reached for a call-back, its task remains open',
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
    if (result?.ok !== true) throw new Error(`the store refused a call-back: ${result?.message}`);
    await caller.keep(key);
    return caller.manager;
  }
}

/** Whether a call of ours ended before a manager answered. */
function wasNotAnswered({ channel, direction, state, causedBy, answeredAt, mergedInto, legs }: Interaction): boolean {
  const over = state === 'failed' || state === 'unanswered';
  const ours = channel === 'call' && direction === 'outbound' && causedBy !== null && mergedInto === null;
  return ours && over && answeredAt === null && legs.every(({ outcome }) => outcome !== 'answered');
}

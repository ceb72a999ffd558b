import { parsePhone } from '../domain/directory/identifiers.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { NumberRegion } from '../domain/directory/number-region.ts';
import type { CallRefusal, CallRequest, KnownStep } from '../domain/outbound/call-request.ts';
import { canCall, type Sending, telephoneOf } from '../domain/outbound/telephone.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';

/** A call that has not started within this many milliseconds is given up: nobody waits for it any more. */
const lifetime = 30_000;

/** Dependencies of {@link requestCall}. */
export interface CallRequestParts {
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly staff: () => Staff;
  /** Connections that can send letters, messages or calls. */
  readonly sending: () => readonly Sending[];
  readonly country: NumberRegion;
  readonly clock: Clock;
}

/**
 * Requests a call. It is stored before the PBX is asked. `known` is a step that a destination has done before.
 * The result is that of the write, which holds the interaction.
 */
export async function requestCall(
  { apply, staff, sending, country, clock }: CallRequestParts,
  { manager: id, phone: written, answers, key, by }: CallRequest,
  known?: KnownStep & { readonly destination: string },
): Promise<{ readonly result: WriteResult | undefined } | { readonly refused: CallRefusal }> {
  const manager = staff().managers.find((one) => one.id === id);
  if (manager === undefined) return { refused: 'manager' };
  const { phone } = parsePhone(written, country);
  if (phone === null) return { refused: 'phone' };
  if (!canCall(sending())) return { refused: 'pbx' };
  const telephone = telephoneOf(manager, sending());
  if (telephone === null) return { refused: 'telephone' };
  const { connection, extension } = telephone;
  const at = clock.now();
  const [result] = await apply([
    {
      op: 'send',
      key,
      channel: 'call',
      answers,
      connection,
      content: {
        manager: manager.id,
        extension,
        to: { email: null, phone, account: null, name: null },
        subject: null,
        text: '',
        attachments: [],
        line: null,
      },
      by,
      ...(known !== undefined && { known }),
      expiresAt: at + lifetime,
      at,
    },
  ]);
  return { result };
}

import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { CoreContext } from '../../contract.ts';
import type { Ledger } from '../../ledger.ts';
import type { TelephonyService } from '../api.ts';
import type { ItoolabsConfig } from '../schema.ts';
import { Extensions } from './extensions.ts';
import { fieldsOf } from './fields.ts';
import { owedMessages } from './plan.ts';
import { toldOf } from './told.ts';

/** What deliveries of calls need. */
export interface CallParts {
  readonly config: ItoolabsConfig;
  readonly context: CoreContext;
  readonly service: TelephonyService;
}

const done: AttemptResult = { kind: 'done', link: null };

/** Tells the CRM what it does not know of a call yet. Rejects with a ServiceError. */
export async function deliverCall(
  call: Interaction,
  ledger: Ledger,
  { config, context, service }: CallParts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const staff = context.staff();
  const told = toldOf(await ledger.steps());
  const owed = owedMessages(call, new Extensions(config, staff), told);
  if (owed.length === 0) return done;
  const now = context.clock.now();
  if (told.tried === null && now - Date.parse(call.startedAt) > config.late.oldest * 86_400_000) {
    context.log.info({ interaction: call.id }, 'a call is too old to be told to the CRM (late.oldest)');
    return done;
  }
  const about = { config, staff, timezone: context.timezone, now, isKnown: told.begun !== null };
  for (const message of owed) {
    await ledger.once({
      name: message.step,
      call: async () => {
        await service.send(message.kind, fieldsOf(message, call, about), { signal });
        return null;
      },
      // It can't be asked, and takes what it knows already for the same call.
      settle: async () => ({ done: false }),
    });
  }
  return done;
}

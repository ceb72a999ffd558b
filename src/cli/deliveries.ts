import { deliveryJson } from '../delivery/delivery-json.ts';
import type { OwedState } from '../domain/delivery/delivery.ts';
import { CommandError, type CommonOptions, limitOf, print, UsageError } from './command.ts';
import { configOf, withStore } from './context.ts';

/** `patchbay deliveries list`: lists pending deliveries, and those that are stuck with the reason. */
export async function listDeliveries(
  options: CommonOptions & { readonly state?: string; readonly limit: string },
): Promise<void> {
  const state = options.state as OwedState | undefined;
  if (state !== undefined && !['due', 'parked', 'done', 'skipped'].includes(state)) {
    throw new UsageError(`--state: expected due, parked, done or skipped, got "${state}"`);
  }
  const page = await withStore(configOf(options), (store) =>
    store.read.owed({ limit: limitOf(options.limit), cursor: null, ...(state !== undefined && { state }) }),
  );
  const lines = page.items.map((owed) =>
    [
      owed.id,
      owed.destination,
      owed.state,
      `${owed.kind} ${owed.subject}`,
      `revision ${owed.deliveredRevision}/${owed.revision}`,
      `${owed.attempts} failed`,
      owed.lastError ?? '',
    ]
      .join('  ')
      .trimEnd(),
  );
  print(options, page.items.map(deliveryJson), lines.length === 0 ? ['no deliveries'] : lines);
}

/** `patchbay deliveries retry ID`: retries one delivery, or with `destination:NAME` all parked ones of that destination. */
export async function retryDelivery(id: string, options: CommonOptions): Promise<void> {
  const [result] = await withStore(configOf(options), (store) =>
    store.apply([{ op: 'retry-delivery', id, at: Date.now() }]),
  );
  if (result?.ok !== true) throw new CommandError(result?.message ?? 'nothing was changed');
  print(options, { id }, [`${id} is due now`]);
}

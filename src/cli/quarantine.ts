import { headOf } from '../domain/interaction/quarantine.ts';
import { commandEntry } from './audit-entry.ts';
import { CommandError, type CommonOptions, limitOf, print } from './command.ts';
import { configOf, withStore } from './context.ts';

/** `patchbay quarantine list`: lists incoming items that could not be processed, with the reason but without their content. */
export async function listQuarantine(options: CommonOptions & { readonly limit: string }): Promise<void> {
  const limit = limitOf(options.limit);
  const page = await withStore(configOf(options), (store) => store.read.quarantine({ limit, cursor: null }));
  const heads = page.items.map(headOf);
  const lines = heads.map(({ id, connection, kind, reason, version, at, tries }) =>
    [id, new Date(at).toISOString(), connection, kind ?? 'source', `${tries} tries`, version || 'due', reason].join(
      '  ',
    ),
  );
  print(options, heads, lines.length === 0 ? ['the quarantine is empty'] : lines);
}

/** `patchbay quarantine show ID`: prints an item with its content as JSON. The audit log records that, or nothing is printed. */
export async function showQuarantined(id: string, options: CommonOptions): Promise<void> {
  const entry = await withStore(configOf(options), async (store) => {
    const found = await store.read.quarantined(id);
    if (found !== null)
      await store.apply([{ op: 'audit', entry: commandEntry('read-interaction', 'quarantine show', id) }]);
    return found;
  });
  if (entry === null) throw new CommandError(`no item ${id} in quarantine; "patchbay quarantine list" shows all items`);
  print(options, entry, [JSON.stringify(entry, null, 2)]);
}

/** `patchbay quarantine retry ID|all`: requests a retry. A running gateway tries within seconds, a stopped one at its start. */
export async function retryQuarantined(id: string, options: CommonOptions): Promise<void> {
  const [result] = await withStore(configOf(options), (store) =>
    store.apply([{ op: 'quarantine-retry', id: id === 'all' ? null : id }]),
  );
  if (result?.ok !== true) throw new CommandError(result?.message ?? 'nothing was changed');
  print(options, { id }, [`${id}: the gateway will retry`]);
}

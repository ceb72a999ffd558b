import { type CommonOptions, print } from './command.ts';
import { configOf, withStore } from './context.ts';

/** `patchbay migrate`: opening the store brings its schema up to date. */
export async function migrate(options: CommonOptions): Promise<void> {
  await withStore(configOf(options), async () => undefined);
  print(options, { ok: true }, ['The store is up to date']);
}

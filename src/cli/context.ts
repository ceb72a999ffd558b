import type { Config } from '../config/config.ts';
import { configPath, loadConfig, type ModuleSchemas } from '../config/load.ts';
import { connectors } from '../connectors/registry.ts';
import { coreKinds } from '../crm/registry.ts';
import type { Store } from '../domain/ports/store.ts';
import type { CommonOptions } from './command.ts';

/** The settings schemas of all kinds of connectors and destinations. */
export const moduleSchemas: ModuleSchemas = {
  connectors: schemasOf(connectors),
  destinations: schemasOf(coreKinds),
  directories: Object.entries(coreKinds).flatMap(([kind, { directory }]) => (directory === true ? [kind] : [])),
};

/** Loads the configuration that the options name. */
export function configOf(options: CommonOptions): Config {
  return loadConfig(configPath(options.config, process.env), moduleSchemas, process.env);
}

/** Opens the store, runs `use` and closes the store. Works while a server is running, too. */
export async function withStore<T>(config: Config, use: (store: Store) => Promise<T>): Promise<T> {
  const { openStore } = await import('../intake/open-store.ts');
  const store = await openStore({
    url: config.store.url,
    country: config.company.region,
    publicMail: config.company.publicMail,
    sources: config.clients.sources,
    publicUrl: config.http.publicUrl,
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function schemasOf(kinds: Readonly<Record<string, { readonly schema: ModuleSchemas['connectors'][string] }>>) {
  return Object.fromEntries(Object.entries(kinds).map(([kind, { schema }]) => [kind, schema]));
}

import type { Config } from '../config/config.ts';
import { configPath, loadConfig, type ModuleSchemas } from '../config/load.ts';
import { connectors } from '../connectors/registry.ts';
import { destinationKinds } from '../delivery/destinations/registry.ts';
import type { Store } from '../domain/store-port.ts';
import { openStore } from '../store/open.ts';

/** Options every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** A command could not do what it was asked to; its message is for a human and the exit code is 1. */
export class CommandError extends Error {}

/** A command was asked wrongly; the exit code is 2. */
export class UsageError extends Error {}

/** Rows to be printed, 1 to 200. */
export function limitOf(text: string): number {
  if (!/^([1-9]\d?|1\d\d|200)$/.test(text))
    throw new UsageError(`--limit: expected a number from 1 to 200, got "${text}"`);
  return Number(text);
}

/** The settings' schemas of every kind there is. */
export const moduleSchemas: ModuleSchemas = {
  connectors: schemasOf(connectors),
  destinations: schemasOf(destinationKinds),
};

/** The configuration the options name. */
export function configOf(options: CommonOptions): Config {
  return loadConfig(configPath(options.config, process.env), moduleSchemas, process.env);
}

/** Runs something with the store open, also beside a running server, and closes it. */
export async function withStore<T>(config: Config, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({
    url: config.store.url,
    country: config.company.country,
    publicUrl: config.http.publicUrl,
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Prints a result: JSON for programs, lines for people. */
export function print(options: CommonOptions, value: unknown, lines: readonly string[]): void {
  process.stdout.write(
    options.json === true ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''),
  );
}

function schemasOf(kinds: Readonly<Record<string, { readonly schema: ModuleSchemas['connectors'][string] }>>) {
  return Object.fromEntries(Object.entries(kinds).map(([kind, { schema }]) => [kind, schema]));
}

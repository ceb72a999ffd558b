import { createRequire } from 'node:module';

/** The version of this program, as its package names it. */
export function programVersion(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}

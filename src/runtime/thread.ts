import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module beside `base` (`import.meta.url` of the caller). `module` has no ending: it is `.js` after the
 * build and `.ts` under tsx and vitest. Node 20 hands a thread's first module to no loader, and a loader of its own costs each thread
 * a second: so that the latter is bundled once in a process, and its threads start as fast as the built ones.
 */
export function spawnThread(base: string, module: string, options: WorkerOptions = {}): Worker {
  const built = base.endsWith('.ts') ? bundled(new URL(`${module}.ts`, base), base) : new URL(`${module}.js`, base);
  return new Worker(built, options);
}

type Bundler = Pick<typeof import('esbuild'), 'buildSync'>;
const bundles = new Map<string, URL>();

/** The module and what it imports of ours as one file below `node_modules`, from where it finds the libraries. */
function bundled(source: URL, base: string): URL {
  const known = bundles.get(source.href);
  if (known) return known;
  const require = createRequire(base);
  const { buildSync } = require('esbuild') as Bundler;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
  });
  const text = outputFiles[0]?.contents ?? new Uint8Array();
  const folder = join(dirname(dirname(require.resolve('esbuild/package.json'))), '.cache', 'patchbay-threads');
  const file = join(folder, `${createHash('sha256').update(text).digest('hex')}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
  const url = pathToFileURL(file);
  bundles.set(source.href, url);
  return url;
}

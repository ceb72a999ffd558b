import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module next to `base` (the caller's `import.meta.url`). `module` has no extension: it
 * is `.js` after the build and `.ts` under tsx and vitest. Node 20 does not apply loaders to the first module of a
 * thread, and registering one in each thread takes a second. So TypeScript is bundled once per process, and threads
 * start as fast as built ones.
 */
export function spawnThread(base: string, module: string, options: WorkerOptions = {}): Worker {
  const built = base.endsWith('.ts') ? bundled(new URL(`${module}.ts`, base), base) : new URL(`${module}.js`, base);
  return new Worker(built, options);
}

type Bundler = Pick<typeof import('esbuild'), 'buildSync'>;
const bundles = new Map<string, URL>();

/** Bundles a module with our code into one file below `node_modules`, where it can find its libraries. */
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

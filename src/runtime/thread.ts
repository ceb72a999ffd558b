import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module beside `base` (`import.meta.url` of the caller). `module` has no ending:
 * it is `.ts` under tsx and vitest, and `.js` after the build, and Node 20 needs tsx's loader for the former.
 */
export function spawnThread(base: string, module: string, options: WorkerOptions = {}): Worker {
  const typescript = base.endsWith('.ts');
  const url = new URL(`${module}.${typescript ? 'ts' : 'js'}`, base);
  return new Worker(
    url,
    typescript ? { ...options, execArgv: ['--import', 'tsx', ...(options.execArgv ?? [])] } : options,
  );
}

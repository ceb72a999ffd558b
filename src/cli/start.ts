import closeWithGrace from 'close-with-grace';
import { startPatchbay } from '../main.ts';
import { createLogger } from '../runtime/log.ts';
import type { CommonOptions } from './command.ts';
import { configOf } from './context.ts';

/** `patchbay start`: runs until SIGINT or SIGTERM. SIGHUP reloads managers, lines and routing. */
export async function start(options: CommonOptions): Promise<void> {
  const config = configOf(options);
  const log = createLogger({ level: config.logLevel });
  const patchbay = await startPatchbay(config, log);
  log.info({ url: patchbay.url }, 'Patchbay is running');
  if (patchbay.setupUrl !== null) {
    // Not logged, because the URL contains a one-time secret.
    process.stderr.write(`\n  Open this page to create the first administrator:\n  ${patchbay.setupUrl}\n\n`);
  }
  process.on('SIGHUP', () => {
    try {
      patchbay
        .reload(configOf(options))
        .then(() => log.info('managers, lines and routing were reloaded'))
        .catch((error: unknown) => log.error({ err: error }, 'the changed configuration could not be applied'));
    } catch (error) {
      log.error(
        { reason: error instanceof Error ? error.message : '' },
        'the changed configuration is invalid; the old one stays in use',
      );
    }
  });
  // By default SIGHUP would stop the program, as when its terminal is closed.
  closeWithGrace({ delay: 15_000, skip: ['SIGHUP'] }, async ({ err }) => {
    if (err !== undefined) log.error({ err }, 'stopping after an uncaught error');
    await patchbay.stop();
  });
}

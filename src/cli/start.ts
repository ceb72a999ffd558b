import closeWithGrace from 'close-with-grace';
import { startPatchbay } from '../main.ts';
import { createLogger } from '../runtime/log.ts';
import type { CommonOptions } from './command.ts';
import { configOf } from './context.ts';

/** `patchbay start`: runs until SIGINT or SIGTERM; SIGHUP takes up managers, lines and routing. */
export async function start(options: CommonOptions): Promise<void> {
  const config = configOf(options);
  const log = createLogger({ level: config.logLevel });
  const patchbay = await startPatchbay(config, log);
  log.info({ url: patchbay.url }, 'Patchbay is running');
  if (patchbay.setupUrl !== null) {
    // Not through the logger: the code in it is a secret of the first minutes.
    process.stderr.write(`\n  Open this page to make the first administrator:\n  ${patchbay.setupUrl}\n\n`);
  }
  process.on('SIGHUP', () => {
    try {
      patchbay
        .reload(configOf(options))
        .then(() => log.info('managers, lines and routing were taken up'))
        .catch((error: unknown) => log.error({ err: error }, 'the changed configuration was not taken up'));
    } catch (error) {
      log.error(
        { reason: error instanceof Error ? error.message : '' },
        'the changed configuration is wrong; the old one stays',
      );
    }
  });
  // Without the exception it takes SIGHUP for a wish to stop, as for a program in a terminal that was closed.
  closeWithGrace({ delay: 15_000, skip: ['SIGHUP'] }, async ({ err }) => {
    if (err !== undefined) log.error({ err }, 'stopping after an error nobody caught');
    await patchbay.stop();
  });
}

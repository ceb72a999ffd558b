// Checks the sources of our extension for 1C as far as that is possible without a platform: structure of BSL, calls, XML, handlers, roles.
//   node --import tsx scripts/check-1c.ts [FOLDER]
import { fileURLToPath } from 'node:url';
import { checkExtension } from './check-1c/check.ts';

const faults = checkExtension(process.argv[2] ?? fileURLToPath(new URL('../integrations/1c/src', import.meta.url)));
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
}

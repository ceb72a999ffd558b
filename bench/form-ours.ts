import { moduleSchemas } from '../src/cli/context.ts';
import { loadConfig } from '../src/config/load.ts';
import { startPatchbay } from '../src/main.ts';
import { silentLogger } from '../src/runtime/log.ts';

// The whole program by a configuration file, for bench/forms.ts; prints where it listens.
const [config = ''] = process.argv.slice(2);
const { url } = await startPatchbay(loadConfig(config, moduleSchemas, process.env), silentLogger);
process.stdout.write(`${url}\n`);

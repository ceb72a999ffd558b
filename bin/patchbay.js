#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(program)) {
  process.stderr.write('Patchbay is not built yet; run: npm run build\n');
  process.exit(1);
}
await import(program.href);

// Fails if a regular expression in src/ or web/ can take more than linear time: text from outside must never block the program.
// docs/decisions/0010-outside-text.md explains the choice of `recheck` and `scslre`. Patterns whose input has a length limit are listed
// with that limit in scripts/patterns/capped.json. What is safe is cached in node_modules; the first run takes two minutes. Faults
// are judged again: recheck times its attacks, and on a busy machine a safe pattern can look slow.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { analyse } from 'scslre';
import { findPatterns } from './patterns/find.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(import.meta.url);
// recheck reads this variable when it is loaded.
process.env.RECHECK_BACKEND ??= 'auto';
const { checkSync } = await import('recheck');
const settings = { timeout: 60_000, randomSeed: 1 };
const { version } = require('recheck/package.json');

const cacheFile = 'node_modules/.cache/patchbay-patterns.json';
const known = readCache();
const capped = JSON.parse(readFileSync('scripts/patterns/capped.json', 'utf8'));
const used = new Set();
const faults = [];

for (const { file, line, source, flags, built } of findPatterns(['src', 'web'])) {
  const text = built ?? `/${source}/${flags}`;
  const reason = capped.find((one) => one.file === file && one.pattern === text);
  if (reason !== undefined) {
    used.add(reason);
    continue;
  }
  const fault = built === undefined ? faultOf(source, flags) : 'is built at run time and can not be checked';
  if (fault !== null) faults.push(`${file}:${line} ${text}\n  ${fault}`);
}
for (const one of capped) {
  if (!used.has(one))
    faults.push(`scripts/patterns/capped.json: ${one.file} no longer contains the pattern ${one.pattern}`);
}

mkdirSync('node_modules/.cache', { recursive: true });
writeFileSync(cacheFile, JSON.stringify(known));
if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\n\nMake the pattern linear, or limit its input and list it in scripts/patterns/capped.json.\n`,
  );
  process.exitCode = 1;
}

function readCache() {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8'));
  } catch {
    return {};
  }
}

/** The problem of a pattern, or null. */
function faultOf(source, flags) {
  const name = createHash('sha256').update(`${version}\n${flags}\n${source}`).digest('hex');
  if (known[name] === 'safe') return null;
  const found = verdict(source, flags);
  if (found !== 'safe') return found;
  known[name] = found;
  return null;
}

/** Uses two checkers, because each finds problems that the other misses. */
function verdict(source, flags) {
  const [found] = analyse(new RegExp(source, flags)).reports;
  if (found !== undefined)
    return `takes polynomial time: scslre reports a "${found.type}" in ${found.character.pattern}`;
  // recheck does not support `v` yet, which is a superset of `u`.
  const { status, complexity, attack, error } = checkSync(source, flags.replace('v', 'u'), settings);
  if (status === 'safe') return 'safe';
  if (status === 'unknown') return `could not be checked: ${error?.kind ?? 'unknown'}`;
  return `takes ${complexity.summary} time, e.g. for ${attack.pattern}`;
}

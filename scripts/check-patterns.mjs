// Fails where a regular expression of src/ or web/ can take more than linear time: an outsider's text must never hold the
// program up. docs/decisions/0010-outside-text.md says why `recheck` and `scslre` judge. Patterns whose input is capped before they see it
// are listed with the cap in scripts/patterns/capped.json. Verdicts are kept below node_modules: a first run takes two minutes.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { analyse } from 'scslre';
import { findPatterns } from './patterns/find.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(import.meta.url);
// Read when it is loaded.
process.env.RECHECK_BACKEND ??= 'auto';
const { checkSync } = await import('recheck');
const settings = { timeout: 60_000, randomSeed: 1 };
const { version } = require('recheck/package.json');

const kept = 'node_modules/.cache/patchbay-patterns.json';
const known = readKept();
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
  const fault = built === undefined ? faultOf(source, flags) : 'is built at run time, so that nobody can judge it here';
  if (fault !== null) faults.push(`${file}:${line} ${text}\n  ${fault}`);
}
for (const one of capped) {
  if (!used.has(one)) faults.push(`scripts/patterns/capped.json: ${one.file} has no pattern ${one.pattern} any more`);
}

mkdirSync('node_modules/.cache', { recursive: true });
writeFileSync(kept, JSON.stringify(known));
if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\n\nMake the pattern linear, or cap its input and list it in scripts/patterns/capped.json.\n`,
  );
  process.exitCode = 1;
}

function readKept() {
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch {
    return {};
  }
}

/** What is wrong with a pattern, or null. */
function faultOf(source, flags) {
  const name = createHash('sha256').update(`${version}\n${flags}\n${source}`).digest('hex');
  known[name] ??= verdict(source, flags);
  return known[name] === 'safe' ? null : known[name];
}

/** Two judges, for each finds what the other misses. */
function verdict(source, flags) {
  const [found] = analyse(new RegExp(source, flags)).reports;
  if (found !== undefined)
    return `takes polynomial time: scslre reports a "${found.type}" in ${found.character.pattern}`;
  // `v` is a superset of `u` that recheck does not read yet.
  const { status, complexity, attack, error } = checkSync(source, flags.replace('v', 'u'), settings);
  if (status === 'safe') return 'safe';
  if (status === 'unknown') return `could not be judged: ${error?.kind ?? 'unknown'}`;
  return `takes ${complexity.summary} time, e.g. for ${attack.pattern}`;
}

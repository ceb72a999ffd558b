// Holds the tree's shape: who may import whom, no circles of imports (types count), and no file that does not fit in the head.
//   node scripts/check-tree.mjs [FOLDER]    the project's root by default
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));

/** Lines that a source file may have. */
const longest = 300;
/** To be divided; nothing is added here. */

/** What each folder of src/ may import beside itself (DESIGN, "Folders, and who may import whom"). What is not named may import everything. */
const mayImport = {
  domain: [],
  runtime: ['domain'],
  config: ['domain', 'runtime'],
  connectors: ['domain', 'runtime'],
  matching: ['domain', 'runtime'],
  router: ['domain', 'runtime'],
  store: ['domain', 'runtime'],
  // What a destination's settings leave out is filled in by delivery.
  crm: ['domain', 'runtime', 'delivery'],
  delivery: ['domain', 'runtime'],
  outbound: ['domain', 'runtime'],
  desk: ['domain', 'runtime'],
  alarms: ['domain', 'runtime'],
  intake: ['domain', 'runtime', 'connectors', 'matching', 'router', 'store'],
  answering: ['domain', 'runtime', 'connectors', 'intake', 'matching', 'router', 'store'],
  // Its HTTP side stands on what all routes share.
  forms: ['domain', 'runtime', 'api', 'router'],
  api: [
    'domain',
    'runtime',
    'config',
    'connectors',
    'matching',
    'router',
    'store',
    'crm',
    'delivery',
    'outbound',
    'desk',
    'alarms',
    'intake',
    'answering',
    'forms',
  ],
};

const sources = (folder) =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return sources(path);
        return /\.tsx?$/.test(entry.name) ? [path] : [];
      });

/** The files of ours that a file imports. */
function importsOf(file, text) {
  const found = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g)];
  return [...new Set(found.map(([, specifier]) => resolve(dirname(file), specifier)))].filter((path) =>
    existsSync(path),
  );
}

const files = ['src', 'web/src'].flatMap((folder) => sources(join(root, folder)));
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const imports = new Map(
  [...texts].map(([file, text]) => [file, importsOf(file, text).filter((one) => texts.has(one))]),
);
const nameOf = (file) => relative(root, file);
const faults = [];

for (const [file, text] of texts) {
  const lines = text.split('\n').length - 1;
  if (lines > longest)
    faults.push(`${nameOf(file)} has ${lines} lines, expected at most ${longest}: divide it by subject`);
}

const folderOf = (file) => /^src\/([^/]+)\//.exec(nameOf(file))?.[1] ?? nameOf(file);
for (const [file, targets] of imports) {
  const from = folderOf(file);
  const allowed = mayImport[from];
  if (allowed === undefined) continue;
  for (const target of targets) {
    const to = folderOf(target);
    if (to === from || allowed.includes(to)) continue;
    faults.push(
      `${nameOf(file)} imports ${nameOf(target)}: src/${from} may import ${['itself', ...allowed].join(', ')}`,
    );
  }
}

// Depth first; a file that is met again on its own way closes a circle.
const done = new Set();
const way = [];
function visit(file) {
  if (done.has(file)) return;
  const at = way.indexOf(file);
  if (at >= 0) {
    faults.push(`a circle of imports: ${[...way.slice(at), file].map(nameOf).join(' → ')}`);
    return;
  }
  way.push(file);
  for (const target of imports.get(file)) visit(target);
  way.pop();
  done.add(file);
}
for (const file of files) visit(file);

for (const fault of faults) console.error(`check-tree: ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;

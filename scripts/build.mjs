// Builds dist/: the program with tsc, the demo's scripted portal, the web page and the form widget with vite, the documentation, and the
// list of dependencies (sbom.json). With --if-stale, builds only if a source is newer than the last build.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const stamp = 'dist/.built';

// Includes the times of folders, because deleting or renaming a file changes only those.
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// The viewer of /api/v1/docs (Redoc), with the licences of what its bundle contains. Its logo would be loaded from the makers' server.
function buildReference() {
  const bundle = 'node_modules/redoc/bundles/redoc.standalone.js';
  const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
  const script = readFileSync(bundle, 'utf8');
  if (!script.includes(logo)) throw new Error(`${bundle} no longer loads ${logo}: look what it loads now`);
  mkdirSync('dist/web/reference', { recursive: true });
  writeFileSync('dist/web/reference/redoc.standalone.js', script.replaceAll(logo, 'data:,'));
  cpSync(`${bundle}.LICENSE.txt`, 'dist/web/reference/redoc.standalone.js.LICENSE.txt');
}

// The portal that `patchbay demo --crm bitrix24` speaks to. It is the tests' own, so it is no part of src/.
const portal = 'test/support/bitrix24';
function buildPortal() {
  buildSync({
    entryPoints: [`${portal}/portal.ts`],
    outfile: 'dist/cli/demo/bitrix24-portal.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
}

const built = newest(stamp);
const documents = [
  'README.md',
  'README.ru.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs',
  'scripts/docs',
  'scripts/docs.mjs',
];
const sources = ['src', 'web', portal, ...documents, 'package-lock.json', 'tsconfig.build.json', 'scripts/build.mjs'];
if (process.argv.includes('--if-stale') && built > 0 && sources.every((source) => newest(source) <= built))
  process.exit(0);

rmSync('dist', { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
for (const folder of ['store/sqlite/migrations', 'store/postgres/migrations'])
  cpSync(`src/${folder}`, `dist/${folder}`, { recursive: true });
buildPortal();
run('node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn');
run('node_modules/vite/bin/vite.js', 'build', '--config', 'web/widget/vite.config.ts', '--logLevel', 'warn');
buildReference();
run('scripts/docs.mjs');
run('scripts/sbom.mjs');
writeFileSync(stamp, '');

// Writes dist/sbom.json: all production dependencies in CycloneDX format, created by `npm sbom`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--omit', 'dev'];
const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
if (status !== 0) {
  process.stderr.write(`npm sbom failed: ${stderr}\nIf node_modules does not match package-lock.json, run: npm ci\n`);
  process.exit(1);
}
const bom = JSON.parse(stdout);
// npm uses the name of the checkout's folder.
bom.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
mkdirSync('dist', { recursive: true });
writeFileSync('dist/sbom.json', `${JSON.stringify(bom, null, 2)}\n`);

// Writes dist/sbom.json: every production dependency as CycloneDX, the way `npm sbom` has it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--omit', 'dev'];
const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
if (status !== 0) {
  process.stderr.write(
    `npm sbom failed: ${stderr}\nIs node_modules as package-lock.json has it? npm ci makes it so.\n`,
  );
  process.exit(1);
}
const bom = JSON.parse(stdout);
// npm takes the name from the folder of the checkout.
bom.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
mkdirSync('dist', { recursive: true });
writeFileSync('dist/sbom.json', `${JSON.stringify(bom, null, 2)}\n`);

// Fails where a production dependency, also one of another's, comes under a licence that docs/licences.md does not name.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const allowed = new Set(
  [...readFileSync('docs/licences.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, id]) => id),
);

/** Of "(A OR B)" one must be allowed, of "A AND B" both; what is written otherwise is looked up as it stands. */
function isAllowed(licence) {
  const bare = licence.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isAllowed);
  if (bare.includes(' AND ')) return bare.split(' AND ').every(isAllowed);
  return allowed.has(bare);
}

const faults = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .filter(([, { license = 'none named' }]) => !isAllowed(license))
  .map(
    ([path, { version, license = 'none named' }]) => `${path.replace(/^.*node_modules\//, '')} ${version}: ${license}`,
  );

if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\n\nTake another package, or name the licence in docs/licences.md after reading it.\n`,
  );
  process.exitCode = 1;
}

// Fails if a direct or transitive production dependency has a licence that is not listed in docs/licences.md.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const allowed = new Set(
  [...readFileSync('docs/licences.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, id]) => id),
);

/** Of "(A OR B)" one licence must be allowed, of "A AND B" both. Any other expression is looked up as it is. */
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
    `${faults.join('\n')}\n\nUse another package, or read the licence and add it to docs/licences.md.\n`,
  );
  process.exitCode = 1;
}

// Fails if a direct or transitive production dependency has a licence that is not listed in docs/licences.md.
import { existsSync, readFileSync } from 'node:fs';
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

/** The licence that the lock file names, else the old `licenses` of the package itself, which npm doesn't copy. */
function licenceOf(path, { license }) {
  if (license !== undefined) return license;
  const own = `${path}/package.json`;
  const { licenses = [] } = existsSync(own) ? JSON.parse(readFileSync(own, 'utf8')) : {};
  return licenses.map(({ type }) => type).join(' OR ') || 'none named';
}

const faults = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path, one]) => ({ path, version: one.version, licence: licenceOf(path, one) }))
  .filter(({ licence }) => !isAllowed(licence))
  .map(({ path, version, licence }) => `${path.replace(/^.*node_modules\//, '')} ${version}: ${licence}`);

if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\n\nUse another package, or read the licence and add it to docs/licences.md.\n`,
  );
  process.exitCode = 1;
}

// Fails if a direct or transitive production dependency does not support all Node versions in package.json, or if any dependency does
// not support the documented version (.node-version). Otherwise `npm ci` would print warnings to people who follow the README.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

const documented = `^${readFileSync('.node-version', 'utf8').trim()}`;

const faults = Object.entries(packages)
  .filter(([path, { engines: wanted }]) => path !== '' && typeof wanted?.node === 'string')
  .filter(([, { dev, engines: wanted }]) => !semver.subset(dev === true ? documented : engines.node, wanted.node))
  .map(
    ([path, { version, engines: wanted }]) =>
      `${path.replace(/^.*node_modules\//, '')} ${version} requires Node ${wanted.node}`,
  );

if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\n\nPatchbay supports Node ${engines.node}, and is developed on ${documented}: use versions that support both.\n`,
  );
  process.exitCode = 1;
}

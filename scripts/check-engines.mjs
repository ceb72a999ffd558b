// Fails where a production dependency, also one of another's, does not support every version of Node that package.json names, or where
// any dependency does not support the documented one (.node-version): `npm ci` would warn those who follow the README.
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
      `${path.replace(/^.*node_modules\//, '')} ${version} wants Node ${wanted.node}`,
  );

if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\n\nWe run on Node ${engines.node}, and develop on ${documented}: take versions that do, too.\n`,
  );
  process.exitCode = 1;
}

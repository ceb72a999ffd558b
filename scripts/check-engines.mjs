// Fails where a production dependency, also one of another's, does not support every version of Node that package.json names.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

const faults = Object.entries(packages)
  .filter(([path, { dev, engines: wanted }]) => path !== '' && dev !== true && typeof wanted?.node === 'string')
  .filter(([, { engines: wanted }]) => !semver.subset(engines.node, wanted.node))
  .map(
    ([path, { version, engines: wanted }]) =>
      `${path.replace(/^.*node_modules\//, '')} ${version} wants Node ${wanted.node}`,
  );

if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n\nWe run on Node ${engines.node}: take versions that do, too.\n`);
  process.exitCode = 1;
}

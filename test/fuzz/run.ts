// `npm run fuzz`: tries every parser of outside text on shapes of a seed. Inputs that a parser fails on are saved in found/.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chosenTargets, fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);
const names = values.only === '' ? [] : values.only.split(',');
process.stdout.write(`seed ${seed}\n`);

const folder = new URL('found/', import.meta.url);
for (const target of chosenTargets(names)) {
  const { trials, worst, slowest, findings } = await fuzz(target, Number(values.seconds), seed);
  process.stdout.write(
    `${target.name}: ${trials} trials, at worst ${worst.toFixed(0)} ns a character, ${slowest.toFixed(0)} ms a damaged genuine input\n`,
  );
  for (const finding of findings) {
    process.exitCode = 1;
    const text = `${JSON.stringify(finding, null, 2)}\n`;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(`${target.name.replaceAll(' ', '-')}-${name}.json`, folder), text);
    process.stdout.write(`  ${finding.fault}\n  kept as found/${target.name.replaceAll(' ', '-')}-${name}.json\n`);
  }
}

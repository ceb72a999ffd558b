import { parseArgs } from 'node:util';
import { benchAmi } from './ami.ts';
import { benchAttacks } from './attacks.ts';
import { benchCapacity } from './capacity.ts';
import { benchDeliveries } from './deliveries.ts';
import { benchDesk } from './desk.ts';
import { benchDesks } from './desks.ts';
import { benchForms } from './forms.ts';
import { benchImport } from './import.ts';
import { benchInstances } from './instances.ts';
import { benchMail } from './mail.ts';
import { benchParsers } from './parsers.ts';
import { benchPostgresImport } from './postgres-import.ts';
import type { BenchResult } from './result.ts';
import { benchRoute } from './route.ts';
import { benchStore } from './store.ts';

/** Every bench by its name: `npm run bench -- --only ami,store`, `--json` for programs. */
const benches: Readonly<Record<string, () => Promise<readonly BenchResult[]>>> = {
  ami: benchAmi,
  store: benchStore,
  route: benchRoute,
  deliveries: benchDeliveries,
  desk: benchDesk,
  import: benchImport,
  'postgres-import': benchPostgresImport,
  instances: benchInstances,
  capacity: benchCapacity,
  desks: benchDesks,
  forms: benchForms,
  mail: benchMail,
  parsers: benchParsers,
  attacks: benchAttacks,
};

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } });
const names = values.only?.split(',') ?? Object.keys(benches);
const results: BenchResult[] = [];
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined)
    throw new Error(`--only: there is no bench "${name}"; there are ${Object.keys(benches).join(', ')}`);
  process.stderr.write(`${name} …\n`);
  results.push(...(await bench()));
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else console.table(results);

import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { benchAmi } from './ami.ts';
import { benchAttacks } from './attacks.ts';
import { benchBitrix24 } from './bitrix24.ts';
import { benchCapacity } from './capacity.ts';
import { benchDeliveries } from './deliveries.ts';
import { benchDesk } from './desk.ts';
import { benchDesks } from './desks.ts';
import { benchForms } from './forms.ts';
import { benchImport } from './import.ts';
import { benchInstances } from './instances.ts';
import { benchListings } from './listings.ts';
import { benchMail } from './mail.ts';
import { benchParsers } from './parsers.ts';
import { benchPbxLoad } from './pbx-load.ts';
import { benchPostgresImport } from './postgres-import.ts';
import type { BenchResult } from './result.ts';
import { benchRoute } from './route.ts';
import { benchStore } from './store.ts';
import { withDeadline } from './waiting.ts';

/** A bench, the external programs that it needs, and its time limit in minutes. */
interface Bench {
  readonly run: () => Promise<readonly BenchResult[]>;
  readonly needs?: readonly string[];
  readonly minutes?: number;
}

/** All benches by name: `npm run bench -- --only ami,store`; `--json` prints for programs. */
const benches: Readonly<Record<string, Bench>> = {
  ami: { run: benchAmi },
  store: { run: benchStore },
  route: { run: benchRoute },
  deliveries: { run: benchDeliveries },
  bitrix24: { run: benchBitrix24 },
  desk: { run: benchDesk },
  import: { run: benchImport },
  'postgres-import': { run: benchPostgresImport, needs: ['pg_lsclusters'] },
  instances: { run: benchInstances, needs: ['pg_lsclusters'] },
  capacity: { run: benchCapacity, needs: ['dovecot'], minutes: 30 },
  desks: { run: benchDesks },
  forms: { run: benchForms },
  listings: { run: benchListings },
  mail: { run: benchMail, needs: ['dovecot', 'mbsync'] },
  parsers: { run: benchParsers },
  'pbx-load': { run: benchPbxLoad, needs: ['sipp'], minutes: 20 },
  attacks: { run: benchAttacks, needs: ['dovecot'] },
};
const defaultMinutes = 10;

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } });
const names = values.only?.split(',') ?? Object.keys(benches);
const chosen = names.map((name) => {
  const bench = benches[name];
  if (bench === undefined)
    throw new Error(`--only: unknown bench "${name}"; expected one of: ${Object.keys(benches).join(', ')}`);
  return { name, ...bench };
});
const missing = [...new Set(chosen.flatMap(({ needs = [] }) => needs))].filter((program) => !isInstalled(program));
if (missing.length > 0) {
  process.stderr.write(
    `bench: ${missing.join(', ')} not found; run "scripts/lab" as root to install what the benches need\n`,
  );
  process.exit(1);
}

const results: BenchResult[] = [];
let failed = false;
for (const { name, run, minutes = defaultMinutes } of chosen) {
  process.stderr.write(`${name} …\n`);
  try {
    results.push(...(await withDeadline(name, minutes, run())));
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    failed = true;
  }
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else console.table(results);
// A bench that exceeded its time limit may still be running.
process.exit(failed ? 1 : 0);

function isInstalled(program: string): boolean {
  const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
  return spawnSync('sh', ['-c', `command -v ${program}`], { env: { PATH } }).status === 0;
}

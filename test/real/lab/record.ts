/**
 * Plays call flows on a real Asterisk and saves the AMI events as fixtures: `npx tsx test/real/lab/record.ts 22|16 [flow …]`.
 * First line of a fixture: {flow, asterisk, started, truth}; then {at: milliseconds since the start, event}.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabAmi } from './ami.ts';
import { Asterisk, type AsteriskVersion } from './asterisk.ts';
import type { Flow, FlowStory } from './flow.ts';
import { basicFlows } from './flows-basic.ts';
import { moreFlows } from './flows-more.ts';
import { transferFlows } from './flows-transfer.ts';
import { type SippCall, SippOffice } from './sipp.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/ami');
const flows: Readonly<Record<string, Flow>> = { ...basicFlows, ...transferFlows, ...moreFlows };

function truth(story: FlowStory, office: SippOffice, started: number) {
  const relative = (at: number | undefined) => (at === undefined ? null : at - started);
  const call = (one: SippCall) => ({
    invitedAt: relative(one.invitedAt),
    ringingAt: relative(one.ringingAt),
    answeredAt: relative(one.answeredAt),
    endedAt: relative(one.endedAt),
    status: one.status ?? null,
    endedBy: one.endedBy ?? null,
    ringSeconds: one.ringSeconds ?? null,
    talkSeconds: one.talkSeconds,
  });
  return {
    ...story,
    sipp: office.started.map((sipp) => ({
      name: sipp.name,
      calls: sipp.calls.filter((one) => one.invitedAt > 0).map(call),
    })),
  };
}

async function record(pbx: Asterisk, name: string, flow: Flow): Promise<void> {
  const office = new SippOffice(pbx);
  const ami = await LabAmi.login(pbx.amiPort, 'lab', 'lab-secret');
  try {
    await ami.waitFor('FullyBooted', (event) => event.Event === 'FullyBooted');
    const started = Date.now();
    const begin = ami.events.length;
    const story = await flow({ pbx, office, since: pbx.ami.events.length });
    await pbx.idle(40_000);
    await ami.action({ Action: 'Ping' });
    const events = ami.events
      .slice(begin)
      .filter(({ event }) => event.Event !== 'TestEvent' && event.Event !== 'SuccessfulAuth');
    const asterisk = (await pbx.cli('core show version')).split(' ')[1] ?? pbx.version;
    const lines = [
      { flow: name, asterisk, started, truth: truth(story, office, started) },
      ...events.map(({ at, event }) => ({ at: at - started, event })),
    ];
    const dir = join(fixtures, pbx.version);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, `${name}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    process.stdout.write(`${pbx.version} ${name}: ${events.length} events\n`);
  } finally {
    ami.close();
    await office.stopAll();
  }
}

const [version, ...chosen] = process.argv.slice(2);
if (version !== '22' && version !== '16') throw new Error('usage: record.ts 22|16 [flow …]');
const names = chosen.length > 0 ? chosen : Object.keys(flows);
const pbx = new Asterisk({ version: version satisfies AsteriskVersion });
let failed = 0;
await pbx.start();
for (const name of names) {
  const flow = flows[name];
  if (flow === undefined) throw new Error(`no flow ${name}; there are ${Object.keys(flows).join(', ')}`);
  await record(pbx, name, flow).catch((error: unknown) => {
    failed += 1;
    process.stderr.write(`${version} ${name} failed: ${String(error)}\n`);
  });
}
if (failed === 0) await pbx.dispose();
else {
  process.stderr.write(`kept ${pbx.dir}\n`);
  await pbx.stop();
  process.exitCode = 1;
}

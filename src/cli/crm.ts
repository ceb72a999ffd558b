import type { Config } from '../config/config.ts';
import type { Cores } from '../crm/cores.ts';
import { sleep } from '../runtime/sleep.ts';
import { CommandError, type CommonOptions, print, UsageError } from './command.ts';
import { configOf } from './context.ts';
import { vaultTrouble, withCores } from './cores.ts';
import { examineCore } from './doctor/crm.ts';

/** Milliseconds between two looks whether the CRM has let us in. */
const interval = 1000;

/**
 * `patchbay crm connect NAME`: prints what to do in the CRM, waits until it has let us in, and checks everything that will
 * be used. NAME is a destination, or a kind that only one destination has.
 */
export async function connectCrm(name: string, options: CommonOptions & { readonly wait: string }): Promise<void> {
  const patience = minutesOf(options.wait);
  const config = configOf(options);
  const destination = destinationOf(name, config);
  const trouble = vaultTrouble(config, destination);
  if (trouble !== null) throw new CommandError(`${destination}: ${trouble}`);
  await withCores(config, async (cores) => {
    const core = coreOf(destination, cores);
    const guide = core.guide();
    if (options.json !== true) print(options, guide, [...guide, '']);
    const isConnected = await waited(
      () => core.isConnected(),
      patience,
      () => {
        if (options.json !== true)
          print(options, null, [
            `Waiting up to ${options.wait} minutes for the installation; Patchbay has to be running.`,
          ]);
      },
    );
    const findings = await examineCore(destination, core);
    if (!isConnected || findings.some(({ ok }) => !ok)) process.exitCode = 1;
    const lines = findings.map(({ what, ok, detail }) => `${ok ? 'ok  ' : 'BAD '} ${what}: ${detail}`);
    print(options, { guide, isConnected, findings }, lines);
  });
}

/** The destination that a name means: its own name, or its kind if no other destination has the same. */
export function destinationOf(name: string, { destinations }: Config): string {
  if (Object.hasOwn(destinations, name)) return name;
  const ofKind = Object.entries(destinations).filter(([, { kind }]) => kind === name);
  const [only, ...others] = ofKind.map(([one]) => one);
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw new UsageError(`${name}: choose one of the destinations ${[only, ...others].join(', ')}`);
  throw new CommandError(
    `the configuration has no destination "${name}"; add one below \`destinations\` first (config/${name}.yaml is an example)`,
  );
}

function coreOf(name: string, { connectable }: Cores) {
  const found = connectable.find((one) => one.name === name);
  if (found === undefined) throw new CommandError(`${name} needs nothing from the other side; it is ready`);
  return found.core;
}

function minutesOf(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--wait: expected a number of minutes, got "${text}"`);
  return Number(text) * 60_000;
}

/** Waits until `check` is true; false if it took too long. */
async function waited(check: () => Promise<boolean>, patience: number, onWait: () => void): Promise<boolean> {
  const end = Date.now() + patience;
  for (let isFirst = true; ; isFirst = false) {
    if (await check()) return true;
    if (Date.now() >= end) return false;
    if (isFirst) onWait();
    await sleep(interval);
  }
}

import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import { AmiClient } from '../connectors/asterisk/ami/client.ts';
import { eventMask } from '../connectors/asterisk/events.ts';
import type { AsteriskConfig } from '../connectors/asterisk/schema.ts';
import { silentLogger } from '../runtime/log.ts';
import { sqlitePath } from '../store/open.ts';
import { type CommonOptions, configOf, print } from './context.ts';

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

const leastFree = 1024 ** 3;
const patience = 8000;

/** `patchbay doctor`: is the PBX reachable, are our rights enough, can it reach us, is there room, are the clocks right. */
export async function doctor(options: CommonOptions): Promise<void> {
  const config = configOf(options);
  const findings = [disk(config), ...(await Promise.all(connections(config).map(examine))).flat()];
  if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
  print(
    options,
    findings,
    findings.map(({ what, ok, detail }) => `${ok ? 'ok  ' : 'BAD '} ${what}: ${detail}`),
  );
}

function connections(config: Config): readonly (readonly [string, AsteriskConfig])[] {
  return Object.entries(config.connectors)
    .filter(([, settings]) => settings.kind === 'asterisk')
    .map(([name, settings]) => [name, settings as unknown as AsteriskConfig]);
}

function disk(config: Config): Finding {
  let folder = dirname(sqlitePath(config.store.url));
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${folder}`;
  return {
    what: 'disk',
    ok: free > leastFree,
    detail: free > leastFree ? detail : `${detail}; a full disk stops the taking in of calls`,
  };
}

async function examine([name, settings]: readonly [string, AsteriskConfig]): Promise<readonly Finding[]> {
  return [
    ...(await ami(name, settings)),
    ...(settings.agi === undefined ? [] : [await agi(name, settings.agi)]),
    ...files(name, settings),
  ];
}

async function ami(name: string, settings: AsteriskConfig): Promise<readonly Finding[]> {
  const what = `${name}: AMI`;
  let client: AmiClient | null = null;
  try {
    return await new Promise<readonly Finding[]>((resolve) => {
      const give = (finding: Finding, ...more: Finding[]) => resolve([finding, ...more]);
      const timer = setTimeout(
        () => give({ what, ok: false, detail: `no answer from ${settings.ami.host}:${settings.ami.port}` }),
        patience,
      );
      timer.unref();
      client = new AmiClient(
        {
          ...settings.ami,
          tls:
            settings.ami.tls === true ? {} : settings.ami.tls === false ? false : ({ ...settings.ami.tls } as object),
          eventMask,
          log: silentLogger,
        },
        {
          onEvent: () => {},
          onState: (health, reason) => {
            if (health === 'failed') give({ what, ok: false, detail: reason ?? 'failed' });
          },
          onReady: async (ready) => {
            const reached: Finding = {
              what,
              ok: true,
              detail: `logged in at ${settings.ami.host}:${settings.ami.port}`,
            };
            give(reached, ...(await rights(name, ready)));
          },
        },
      );
      client.start();
    });
  } finally {
    await (client as AmiClient | null)?.stop();
  }
}

async function rights(name: string, client: AmiClient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const action of ['CoreShowChannels', 'DeviceStateList'] as const) {
    const what = `${name}: AMI right to ${action}`;
    try {
      await client.list(action);
      findings.push({ what, ok: true, detail: 'granted' });
    } catch {
      findings.push({ what, ok: false, detail: 'refused; give the user write=call,reporting as pbx-config prints it' });
    }
  }
  const sent = Date.now();
  const pong = await client.action('Ping').catch(() => null);
  const theirs = Number(pong?.fields.Timestamp ?? Number.NaN) * 1000;
  if (Number.isFinite(theirs)) {
    const apart = Math.round(Math.abs(theirs - (sent + Date.now()) / 2));
    const detail = `${apart} ms apart`;
    findings.push({
      what: `${name}: clocks`,
      ok: apart < 2000,
      detail: apart < 2000 ? detail : `${detail}; run NTP on both`,
    });
  }
  return findings;
}

/** Either we are running and hold the port, or it is free to be taken: both are well. */
function agi(name: string, { host, port }: { readonly host: string; readonly port: number }): Promise<Finding> {
  const what = `${name}: FastAGI`;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE';
      resolve({
        what,
        ok: busy,
        detail: busy
          ? `${host}:${port} is taken, hopefully by Patchbay itself`
          : `can't listen on ${host}:${port} (${error.code})`,
      });
    });
    probe.listen(port, host, () => {
      const local = host === '127.0.0.1' ? '; only a PBX on this machine reaches it' : '';
      probe.close(() => resolve({ what, ok: true, detail: `${host}:${port} can be listened on${local}` }));
    });
  });
}

function files(name: string, settings: AsteriskConfig): readonly Finding[] {
  const places = [
    ['recordings', settings.recordings?.dir],
    ['call record', settings.cdr?.csv],
  ] as const;
  return places.flatMap(([kind, path]) =>
    path === undefined ? [] : [{ what: `${name}: ${kind}`, ...readable(path) }],
  );
}

function readable(path: string): { ok: boolean; detail: string } {
  try {
    accessSync(path, constants.R_OK);
    return { ok: true, detail: `${path} can be read` };
  } catch {
    return { ok: false, detail: `${path} can't be read by this user; mount it, or leave it out of the configuration` };
  }
}

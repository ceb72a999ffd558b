import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { AsteriskConfig } from '../../connectors/asterisk/schema.ts';
import { isMailConfig } from '../../connectors/mail/imap/reconcile.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { isPostgres } from '../../domain/ports/store.ts';
import { sqlitePath } from '../../store/open.ts';
import { findDamage } from '../../store/sqlite/integrity.ts';
import { type CommonOptions, print } from '../command.ts';
import { configOf, withStore } from '../context.ts';
import { examineRecord } from './call-record.ts';
import type { ReadCursor } from './mailbox.ts';
import { examinePbx } from './pbx.ts';
import { examineRecordings } from './recordings.ts';

const minFreeBytes = 1024 ** 3;

/**
 * `patchbay doctor`: checks disk space, the database, the queue, PBXs (reachable in both directions, AMI rights, clocks),
 * mailboxes (login, progress of reading, sending) and CRMs (access, permissions, users).
 */
export async function doctor(options: CommonOptions): Promise<void> {
  const config = configOf(options);
  const findings = [
    disk(config),
    ...integrity(config),
    ...(await queue(config)),
    ...(await Promise.all(connections(config).map(examine))).flat(),
    ...(await mailboxes(config)),
    ...(await crms(config)),
  ];
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
    ok: free > minFreeBytes,
    detail: free > minFreeBytes ? detail : `${detail}; free some space: once the disk is full, calls can't be stored`,
  };
}

/**
 * Reads every page and compares the indexes. That takes 1.6 s for a gigabyte in the system's cache (the `quick_check` at the
 * start takes 0.7 s), otherwise as long as the disk needs to read the file.
 */
function integrity({ store: { url } }: Config): readonly Finding[] {
  if (isPostgres(url) || !existsSync(sqlitePath(url))) return [];
  const found = findDamage(sqlitePath(url), 'integrity_check');
  return [{ what: 'integrity', ok: found === null, detail: found ?? 'the database is intact' }];
}

async function queue({ queue: { url } }: Config): Promise<readonly Finding[]> {
  if (url === 'local') return [];
  const { examineRedis } = await import('./redis.ts');
  return [{ what: 'queue', ...(await examineRedis(url)) }];
}

async function mailboxes(config: Config): Promise<readonly Finding[]> {
  const all = Object.entries(config.connectors).flatMap(([name, settings]) =>
    isMailConfig(settings) ? [[name, settings] as const] : [],
  );
  if (all.length === 0) return [];
  const { examineMailbox } = await import('./mailbox.ts');
  const examined = (cursor: ReadCursor) =>
    Promise.all(all.map(([name, settings]) => examineMailbox(name, settings, cursor)));
  // Opening the store would create it, so before the first start it is not opened.
  if (!storeExists(config)) return (await examined(async () => null)).flat();
  try {
    const found = await withStore(config, ({ read }) =>
      examined((connection, folder) => read.cursor(connection, folder)),
    );
    return found.flat();
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'the store could not be opened';
    return [{ what: 'store', ok: false, detail }, ...(await examined(async () => null)).flat()];
  }
}

function storeExists({ store: { url } }: Config): boolean {
  return isPostgres(url) || existsSync(sqlitePath(url));
}

/** CRMs that can be checked need the store, which has their tokens. */
async function crms(config: Config): Promise<readonly Finding[]> {
  if (Object.values(config.destinations).every(({ kind }) => kind === 'webhook')) return [];
  if (!storeExists(config)) return [{ what: 'crm', ok: true, detail: 'not checked: Patchbay was never started' }];
  const { examineCores } = await import('./crm.ts');
  return examineCores(config);
}

async function examine([name, settings]: readonly [string, AsteriskConfig]): Promise<readonly Finding[]> {
  return [
    ...(await examinePbx(name, settings)),
    ...(await examineRecord(name, settings)),
    ...files(name, settings),
    ...(await examineRecordings(name, settings)),
  ];
}

function files(name: string, { recordings }: AsteriskConfig): readonly Finding[] {
  const places = [
    ['recordings', recordings?.dir],
    ['voicemail', recordings?.voicemail?.dir],
  ] as const;
  return places.flatMap(([kind, path]) =>
    path === undefined ? [] : [{ what: `${name}: ${kind}`, ...readable(path) }],
  );
}

function readable(path: string): { ok: boolean; detail: string } {
  try {
    accessSync(path, constants.R_OK);
    return { ok: true, detail: `${path} is readable` };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return {
      ok: false,
      detail: missing
        ? `${path} does not exist on this machine; mount it from the PBX, or remove it from the configuration`
        : `${path} is not readable by the current user; give read access to the user's group`,
    };
  }
}

import { openPools, type ReadingPools } from '../app/threads/pools.ts';
import type { Config } from '../config/config.ts';
import { sinceOf } from '../connectors/mail/imap/cursor.ts';
import {
  type FolderReport,
  isMailConfig,
  type MissingLetter,
  reconcileMailbox,
  type UnreadFolder,
} from '../connectors/mail/imap/reconcile.ts';
import { troubleOf } from '../connectors/mail/imap/trouble.ts';
import type { MailConfig } from '../connectors/mail/schema.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write } from '../domain/ports/writes.ts';
import { reasonText } from '../domain/reasons/reasons.ts';
import { Intake } from '../intake/intake.ts';
import { Quarantine } from '../intake/quarantine.ts';
import { TextReader } from '../intake/text-reader.ts';
import { systemClock } from '../runtime/clock.ts';
import { createLogger, type Logger } from '../runtime/log.ts';
import { programVersion } from '../runtime/program-version.ts';
import { openBlobs } from '../store/blobs/open.ts';
import { CommandError, type CommonOptions, print, UsageError } from './command.ts';
import { configOf, withStore } from './context.ts';

/** Options of `mail reconcile`. */
export interface ReconcileOptions extends CommonOptions {
  readonly mailbox?: readonly string[];
  readonly since?: string;
  readonly dryRun?: boolean;
  readonly subjects?: boolean;
}

/** Exit code if letters were missing. The output says whether they were imported. */
const exitMissing = 3;

interface MailboxReport {
  readonly mailbox: string;
  readonly folders: readonly (FolderReport | UnreadFolder)[];
  /** Why it could not be compared, or null. */
  readonly problem: string | null;
}

/**
 * `patchbay mail reconcile`: compares the mailboxes with the store and imports missing letters, also while the gateway runs.
 * Exit codes: 0 if nothing was missing, 3 if letters were missing, 1 if a mailbox could not be compared or letters are still missing.
 */
export async function reconcileMail(options: ReconcileOptions): Promise<void> {
  const config = configOf(options);
  const mailboxes = chosen(config, options.mailbox ?? []);
  if (options.since !== undefined && !/^\d{4}-\d\d-\d\d$/.test(options.since))
    throw new UsageError(`--since: expected a day like 2026-12-31, got "${options.since}"`);
  const blobs = await openBlobs(config.blobs.url);
  // The standard output must contain nothing but the result, because programs parse it.
  const log = createLogger({ level: 'warn', destination: process.stderr });
  const reading = openPools(log);
  const reports = await withStore(config, async (store) => {
    const done: MailboxReport[] = [];
    for (const [name, settings] of mailboxes)
      done.push(await reconcile(name, settings, { config, store, blobs, reading, log, options }));
    return done;
  }).finally(() => reading.stop());
  print(options, reports.map(asJson(options)), reports.flatMap(asText(options)));
  process.exitCode = exitCode(reports);
}

function chosen(config: Config, names: readonly string[]): readonly (readonly [string, MailConfig])[] {
  const all = Object.entries(config.connectors).flatMap(([name, settings]) =>
    isMailConfig(settings) ? [[name, settings] as const] : [],
  );
  const known = all.map(([name]) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new UsageError(
      `--mailbox: expected one of the configured mailboxes (${known.join(', ') || 'none'}), got "${wrong}"`,
    );
  if (all.length === 0)
    throw new CommandError('no mailbox to compare: the configuration has no connector of `kind: mail`');
  return names.length === 0 ? all : all.filter(([name]) => names.includes(name));
}

interface ReconcileParts {
  readonly config: Config;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly reading: ReadingPools;
  readonly log: Logger;
  readonly options: ReconcileOptions;
}

async function reconcile(name: string, settings: MailConfig, parts: ReconcileParts): Promise<MailboxReport> {
  const { config, store, blobs, reading, log, options } = parts;
  const intake = new Intake(store, log, new TextReader(reading.texts, config.company.region));
  const apply = (writes: readonly Write[]) => intake.apply(writes);
  const quarantine = new Quarantine({ apply, blobs, clock: systemClock, log, version: programVersion() });
  try {
    const folders = await reconcileMailbox({
      config: settings,
      context: {
        connection: name,
        log: log.child({ part: 'connector', connection: name }),
        clock: systemClock,
        staff: () => ({ managers: config.managers, lines: config.lines }),
        blobs,
        jobs: reading.letters,
        emit: (event, source) => quarantine.guard(event, source, () => intake.emit(event)),
        quarantine: (source, error) => quarantine.keepSource(name, source, error),
        cursor: {
          get: (cursor) => store.read.cursor(name, cursor),
          // Only the running gateway moves its cursor.
          set: async () => undefined,
        },
      },
      known: (keys) => store.read.knownKeys(keys),
      take: options.dryRun !== true,
      since: sinceOf(options.since),
      signal: new AbortController().signal,
      onProgress: (folder, done, of) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${name} ${folder}: ${done} of ${of} compared${done < of ? '' : '\n'}`);
      },
    });
    return { mailbox: name, folders, problem: null };
  } catch (error) {
    return { mailbox: name, folders: [], problem: reasonText(troubleOf(error)) };
  }
}

function exitCode(reports: readonly MailboxReport[]): number {
  const folders = reports.flatMap((one) => one.folders);
  if (reports.some(({ problem }) => problem !== null) || folders.some((one) => 'neverRead' in one || one.refused > 0))
    return 1;
  return folders.some((one) => !('neverRead' in one) && one.missing.length > 0) ? exitMissing : 0;
}

function asJson({ subjects }: ReconcileOptions) {
  return ({ mailbox, folders, problem }: MailboxReport) => ({
    mailbox,
    problem,
    folders: folders.map((folder) =>
      'neverRead' in folder
        ? folder
        : {
            ...folder,
            missing: folder.missing.map(({ uid, arrivedAt, messageIdHash, subject }) => ({
              uid,
              arrivedAt: new Date(arrivedAt).toISOString(),
              messageIdHash,
              ...(subjects === true && { subject }),
            })),
          },
    ),
  });
}

function asText(options: ReconcileOptions) {
  return ({ mailbox, folders, problem }: MailboxReport): readonly string[] => {
    if (problem !== null) return [`${mailbox}: ${problem}`];
    return folders.flatMap((folder) => {
      const name = `${mailbox} ${folder.folder}`;
      if ('neverRead' in folder) return [`${name}: has not been read yet; start the gateway first`];
      const { onServer, held, ahead, missing, taken, refused } = folder;
      const summary =
        `${name}: ${onServer} on the server, ${held} stored, ${missing.length} missing` +
        (ahead > 0 ? `, ${ahead} not read yet` : '') +
        (taken > 0 ? `; ${taken} imported` : '') +
        (refused > 0 ? `; ${refused} could not be imported, see the log` : '');
      return [summary, ...missing.map(letterText(options))];
    });
  };
}

function letterText({ subjects }: ReconcileOptions) {
  return ({ uid, arrivedAt, messageIdHash, subject }: MissingLetter): string =>
    [
      `  UID ${uid}`,
      new Date(arrivedAt).toISOString(),
      messageIdHash ?? 'no Message-ID',
      ...(subjects === true ? [subject ?? '(no subject)'] : []),
    ].join('  ');
}

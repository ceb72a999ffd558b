import { onTestFinished } from 'vitest';
import type { Cores } from '../../src/crm/cores.ts';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { Reason } from '../../src/domain/base/reason.ts';
import type { Client } from '../../src/domain/directory/client.ts';
import type { ReadingProgress } from '../../src/domain/directory/directory-source.ts';
import { SourceReader } from '../../src/matching/sources/source-reader.ts';
import { type Office, openOffice } from './office.ts';

/** An office that reads the directories of CRM cores. */
export interface DirectoryReading {
  readonly office: Office;
  /** The states of readers, as `name health`. */
  readonly states: string[];
  readonly progress: ReadingProgress[];
  readonly reasons: Reason[];
  /** Starts reading a source. */
  start(source: string, cores: Cores): SourceReader;
  client(id: string): Promise<Client | null>;
  ids(source: string): Promise<readonly string[]>;
}

/** Further settings of a core. */
export type Settings = Readonly<Record<string, unknown>>;

/** How long a test waits for the reader on a busy machine. */
export const patience = { timeout: 30_000 };

/** Opens an office without sources. */
export async function openDirectoryReading(): Promise<DirectoryReading> {
  const office = await openOffice({ users: false });
  const readers: SourceReader[] = [];
  onTestFinished(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await office.close();
  });
  const states: string[] = [];
  const progress: ReadingProgress[] = [];
  const reasons: Reason[] = [];
  return {
    office,
    states,
    progress,
    reasons,
    start(source, cores) {
      const reader = new SourceReader({
        source,
        directory: cores.source(source),
        read: office.store.read,
        leases: office.store.leases,
        apply: (writes) => office.intake.apply(writes),
        country: 'RU',
        clock: office.clock,
        log: office.log,
        report: (health, reason) => {
          states.push(`${source} ${health}`);
          if (reason !== null) reasons.push(reason);
        },
        progress: (made) => void (made !== null && progress.push(made)),
        interval: 20,
        backoff: { min: 5, max: 50 },
      });
      readers.push(reader);
      reader.start();
      return reader;
    },
    client: (id) => office.store.read.client(id as ClientId),
    ids: (source) => office.store.read.clientsOfSource(source, '', 100_000),
  };
}

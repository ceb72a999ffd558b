import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cores, type CoresParts } from '../../src/crm/cores.ts';
import type { Intake } from '../../src/intake/intake.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import type { Office } from './office.ts';

/** The CRM cores of some settings, next to an office. */
export function coresOf(
  office: Pick<Office, 'store' | 'clock' | 'log'> & { readonly intake: Pick<Intake, 'apply'> },
  settings: CoresParts['settings'],
  more: Partial<CoresParts> = {},
): Cores {
  const key = randomBytes(32);
  return new Cores({
    settings,
    read: office.store.read,
    leases: office.store.leases,
    apply: (writes) => office.intake.apply(writes),
    blobs: new FileBlobs(join(tmpdir(), 'patchbay-cores')),
    vaultKey: () => key,
    clock: office.clock,
    log: office.log,
    signal: new AbortController().signal,
    ...more,
  });
}

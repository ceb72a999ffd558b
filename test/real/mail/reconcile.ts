import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FolderReport } from '../../../src/connectors/mail/imap/reconcile.ts';

const program = fileURLToPath(new URL('../../../bin/patchbay.js', import.meta.url));

/** The output of `patchbay mail reconcile` of the built program. */
export interface Reconciled {
  readonly code: number;
  readonly folders: readonly FolderReport[];
}

/** Runs it. Rejects if a mailbox could not be compared. */
export async function reconcile(config: string, options: readonly string[] = []): Promise<Reconciled> {
  const { code, stdout, stderr } = await runPatchbay(['mail', 'reconcile', '--json', '--config', config, ...options]);
  const mailboxes = JSON.parse(stdout || '[]') as { problem: string | null; folders: FolderReport[] }[];
  const problem = mailboxes.find((one) => one.problem !== null)?.problem;
  if (mailboxes.length === 0 || problem !== undefined) throw new Error(`reconcile failed: ${problem ?? stderr}`);
  return { code, folders: mailboxes.flatMap((one) => one.folders) };
}

/** Runs a command of the built program. */
export function runPatchbay(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

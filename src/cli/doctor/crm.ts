import type { Config } from '../../config/config.ts';
import type { Connectable } from '../../crm/contract.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { vaultTrouble, withCores } from '../cores.ts';

/** Milliseconds for all checks of a CRM. */
const patience = 60_000;

/** Checks the CRMs that can be checked: access, permissions, users. Without the key of their secrets nothing else is tried. */
export async function examineCores(config: Config): Promise<readonly Finding[]> {
  const keyless = Object.keys(config.destinations).flatMap((name) => {
    const detail = vaultTrouble(config, name);
    return detail === null ? [] : [{ what: `${name}: secrets`, ok: false, detail }];
  });
  if (keyless.length > 0) return keyless;
  try {
    return await withCores(config, async ({ connectable }) =>
      (await Promise.all(connectable.map(({ name, core }) => examineCore(name, core)))).flat(),
    );
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'the CRMs could not be checked';
    return [{ what: 'crm', ok: false, detail }];
  }
}

/** Checks one CRM; if it is not connected yet, says how to. */
export async function examineCore(name: string, core: Connectable): Promise<readonly Finding[]> {
  if (await core.isConnected()) return core.examine(AbortSignal.timeout(patience));
  const detail = `the application is not installed there yet; run "patchbay crm connect ${name}"`;
  return [{ what: `${name}: access`, ok: false, detail }];
}

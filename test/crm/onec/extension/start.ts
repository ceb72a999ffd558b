import { ExtensionClient } from '../../../../src/crm/onec/extension/client.ts';
import type { ManagerId } from '../../../../src/domain/base/ids.ts';
import { HttpClient } from '../../../../src/runtime/http/client.ts';
import type { Onec } from '../../../support/onec/onec.ts';
import type { OnecOptions } from '../../../support/onec/options.ts';
import { start } from '../scripted/start.ts';

/** A call without a time limit of its own. */
export const call = { signal: new AbortController().signal };

/** A scripted 1C with our client of its extension. */
export async function startExtension(
  options: OnecOptions = {},
  login = 'Обмен:секрет',
): Promise<{ readonly onec: Onec; readonly client: ExtensionClient }> {
  const { onec } = await start(options);
  const root = onec.extensionUrl;
  const client = new ExtensionClient({
    http: new HttpClient('1C', { timeout: 5, largestFile: 1 }, root),
    root,
    authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}`,
    sessions: { take: () => Promise.resolve(() => undefined) },
  });
  return { onec, client };
}

/** Managers by the references of those who are responsible. */
export function managersOf(known: Readonly<Record<string, string>>) {
  return (responsible: Iterable<string>) =>
    Promise.resolve(
      new Map(
        [...responsible].flatMap((one) => {
          const manager = known[one];
          return manager === undefined ? [] : [[one, manager as ManagerId] as const];
        }),
      ),
    );
}

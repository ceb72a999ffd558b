import { parseExtension } from '../domain/directory/extension-place.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { ApiDeps } from './deps.ts';

/** A phone that a PBX can ring for us: the connection, and the extension as that PBX knows it. */
export interface Telephone {
  readonly connection: string;
  readonly extension: string;
}

/** Whether any PBX is configured for click-to-call. */
export function canCall(deps: Pick<ApiDeps, 'sending'>): boolean {
  return deps.sending().some(({ channel }) => channel === 'call');
}

/** The first of the manager's extensions that a PBX can ring for us, or null. */
export function telephoneOf(
  { extensions }: Pick<Manager, 'extensions'>,
  deps: Pick<ApiDeps, 'sending'>,
): Telephone | null {
  const able = deps.sending().filter(({ channel }) => channel === 'call');
  for (const extension of extensions) {
    const { connection, number } = parseExtension(extension);
    const pbx = able.find((one) => connection === null || one.connection === connection);
    if (pbx !== undefined) return { connection: pbx.connection, extension: number };
  }
  return null;
}

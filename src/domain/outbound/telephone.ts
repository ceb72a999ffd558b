import { parseExtension } from '../directory/extension-place.ts';
import type { Manager } from '../directory/manager.ts';
import type { OutboundChannel } from './outbound.ts';

/** A phone that a PBX can ring for us: the connection, and the extension as that PBX knows it. */
export interface Telephone {
  readonly connection: string;
  readonly extension: string;
}

/** A connection that can send something. */
export interface Sending {
  readonly connection: string;
  readonly channel: OutboundChannel;
}

/** Whether any PBX is configured for click-to-call. */
export function canCall(sending: readonly Sending[]): boolean {
  return sending.some(({ channel }) => channel === 'call');
}

/** The first of the manager's extensions that a PBX can ring for us, or null. */
export function telephoneOf(
  { extensions }: Pick<Manager, 'extensions'>,
  sending: readonly Sending[],
): Telephone | null {
  const able = sending.filter(({ channel }) => channel === 'call');
  for (const extension of extensions) {
    const { connection, number } = parseExtension(extension);
    const pbx = able.find((one) => connection === null || one.connection === connection);
    if (pbx !== undefined) return { connection: pbx.connection, extension: number };
  }
  return null;
}

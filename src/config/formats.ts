import Format from 'typebox/format';
import { isNetwork } from '../runtime/networks.ts';

/** Whether this is a time zone that the runtime knows. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Whether it can be a host's name; what consists of digits and dots is an address with a mistake in it. */
function isHostName(text: string): boolean {
  return /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(text) && !/^[\d.]+$/.test(text);
}

/** Makes the formats known that modules' schemas may name beside JSON Schema's own: `time-zone`, `network`, `peer` (network or host name). */
export function registerFormats(): void {
  Format.Set('network', isNetwork);
  Format.Set('peer', (text) => isNetwork(text) || isHostName(text));
  Format.Set('time-zone', isTimezone);
}

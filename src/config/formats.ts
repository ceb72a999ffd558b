import Format from 'typebox/format';
import { isNetwork } from '../runtime/networks.ts';

/** Whether the runtime knows this time zone. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Whether the text can be a host name. Digits and dots only are an invalid address rather than a name. */
function isHostName(text: string): boolean {
  return /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(text) && !/^[\d.]+$/.test(text);
}

/** Registers the formats that schemas use in addition to those of JSON Schema: `time-zone`, `network` and `peer` (network or host name). */
export function registerFormats(): void {
  Format.Set('network', isNetwork);
  Format.Set('peer', (text) => isNetwork(text) || isHostName(text));
  Format.Set('time-zone', isTimezone);
}

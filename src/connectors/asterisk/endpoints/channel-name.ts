/** The parts of a channel's or device's name: `PJSIP/101-0000001a` is endpoint `101` of technology `PJSIP`. */
export interface ChannelName {
  readonly technology: string;
  readonly endpoint: string;
}

/** Asterisk puts one of these before the name of a channel that it replaces: `AsyncGoto/PJSIP/101-0000001a`. */
const REPLACED = /^(?:AsyncGoto|Surrogate|Parked|Transfered|Bridge)\/(?=[A-Za-z0-9_]{1,40}\/)/;
/** Asterisk puts one of these behind the name of a channel that it is replacing. */
const REPLACING = /<(?:ZOMBIE|MASQ)>$/;
/** Technologies of spans and ports, whose names may contain the number: `DAHDI/i1/79990000001-2`. */
const SPANS: ReadonlySet<string> = new Set(['DAHDI', 'ZAP', 'MISDN', 'CAPI', 'KHOMP']);

/** Splits the name of a channel. */
export function parseChannelName(name: string): ChannelName {
  const own = name.replace(REPLACED, '').replace(REPLACING, '');
  const dash = own.lastIndexOf('-');
  return parseDeviceName(dash > own.indexOf('/') ? own.slice(0, dash) : own);
}

/** Splits the name of a device, which is that of a channel without its running number. */
export function parseDeviceName(name: string): ChannelName {
  const slash = name.indexOf('/');
  if (slash < 0) return { technology: name, endpoint: '' };
  const technology = name.slice(0, slash);
  const endpoint = name.slice(slash + 1);
  const inner = SPANS.has(technology.toUpperCase()) ? endpoint.indexOf('/') : -1;
  return { technology, endpoint: inner < 0 ? endpoint : endpoint.slice(0, inner) };
}

/** The name of a Local channel's other half, or null for any other channel. */
export function otherHalf(channel: string): string | null {
  if (channel.endsWith(';1')) return `${channel.slice(0, -1)}2`;
  if (channel.endsWith(';2')) return `${channel.slice(0, -1)}1`;
  return null;
}

/** The request that Asterisk sends at the beginning of a FastAGI connection. */
export interface AgiRequest {
  /** The environment by full names such as `agi_callerid` and `agi_uniqueid`. The first of repeated names counts. */
  readonly variables: Readonly<Record<string, string>>;
  /** The path of `agi://host/path?query`, without its leading slash; empty for `agi://host`, for which Asterisk sends no script. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Limit of lines in an environment; Asterisk sends about 25. */
const maxLines = 200;

/** Parses an environment without its final empty line. Null if it is invalid. */
export function parseEnvironment(text: string): AgiRequest | null {
  const variables: Record<string, string> = Object.create(null);
  const lines = text.split('\n');
  if (lines.length > maxLines) return null;
  for (const line of lines) {
    // Split at the first colon only: values contain colons, too (IPv6, times, names).
    const colon = line.indexOf(':');
    if (colon <= 0 || !line.startsWith('agi_')) return null;
    const value = line.slice(colon + 1).replace(/\r$/, '');
    variables[line.slice(0, colon)] ??= value.startsWith(' ') ? value.slice(1) : value;
  }
  const script = variables.agi_network_script ?? '';
  const mark = script.indexOf('?');
  return {
    variables,
    path: (mark === -1 ? script : script.slice(0, mark)).replace(/^\/+/, ''),
    query: new URLSearchParams(mark === -1 ? '' : script.slice(mark + 1)),
  };
}

/** The command that sets a channel variable, with its line end. Control characters become spaces, as CR or LF would end the command. */
export function setVariable(name: string, value: string): string {
  return `SET VARIABLE ${name} "${value.replace(/\p{Cc}+/gu, ' ').replace(/[\\"]/g, '\\$&')}"\n`;
}

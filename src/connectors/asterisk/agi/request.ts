/** What Asterisk tells at the beginning of a FastAGI connection. */
export interface AgiRequest {
  /** The environment, names with their `agi_`: `agi_callerid`, `agi_uniqueid`, … Of a repeated name the first counts. */
  readonly variables: Readonly<Record<string, string>>;
  /** The path of `agi://host/path?query`, without its leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Lines an environment may have; Asterisk sends about 25. */
const mostLines = 200;

/** Reads an environment (its lines without the blank one at the end); null when it is none. */
export function parseEnvironment(text: string): AgiRequest | null {
  const variables: Record<string, string> = Object.create(null);
  const lines = text.split('\n');
  if (lines.length > mostLines) return null;
  for (const line of lines) {
    // Only the first colon separates: values hold colons of their own (IPv6, times, names).
    const colon = line.indexOf(':');
    if (colon <= 0 || !line.startsWith('agi_')) return null;
    const value = line.slice(colon + 1).replace(/\r$/, '');
    variables[line.slice(0, colon)] ??= value.startsWith(' ') ? value.slice(1) : value;
  }
  const script = variables.agi_network_script;
  if (script === undefined) return null;
  const mark = script.indexOf('?');
  return {
    variables,
    path: (mark === -1 ? script : script.slice(0, mark)).replace(/^\/+/, ''),
    query: new URLSearchParams(mark === -1 ? '' : script.slice(mark + 1)),
  };
}

/** The command that sets a channel variable, line end included. Control characters, CR and LF above all, become blanks: they would end it. */
export function setVariable(name: string, value: string): string {
  return `SET VARIABLE ${name} "${value.replace(/\p{Cc}+/gu, ' ').replace(/[\\"]/g, '\\$&')}"\n`;
}

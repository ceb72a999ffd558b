import { pbxConfig } from '../../../src/cli/pbx-config.ts';
import type { PbxConfigOptions } from '../../../src/cli/pbx-options.ts';

/**
 * The output of `pbx-config` for a gateway on `port` of this machine, by file, ready to append to the laboratory's own
 * stanzas. Callers go to the laboratory's context `fallback` if the gateway finds nobody.
 */
export function printedConfig(port: number, options: Partial<PbxConfigOptions> = {}): Record<string, string> {
  const pieces = pbxConfig({
    flavor: 'asterisk',
    way: 'agi',
    agi: { host: '127.0.0.1', port },
    apiUrl: `http://127.0.0.1:${port}`,
    apiToken: 'lab-token',
    connection: 'pbx',
    ami: { username: 'patchbay', secret: 'lab-secret', permit: '127.0.0.1' },
    fallback: 'fallback,${PATCHBAY_LINE},1',
    everyone: '',
    record: false,
    ...options,
  });
  return Object.fromEntries(pieces.map(({ file, text }) => [file, text]));
}

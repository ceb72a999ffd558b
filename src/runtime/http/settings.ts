import { type Static, Type } from 'typebox';

/** How the pattern of an address begins over which secrets are sent: `https`, or `http` to this machine. */
export const safeRoot = '^(https://[^\\s/?#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)';

/** Settings shared by everything that makes HTTP requests to a service. */
export const reachSettings = {
  proxy: Type.Optional(
    Type.String({
      pattern: '^http://[^\\s]+$',
      description: 'Proxy that knows CONNECT: `http://[user:password@]host:port`.',
    }),
  ),
  ca: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'PEM file of certificate authorities trusted beside the well-known ones.',
    }),
  ),
  allowNetworks: Type.Optional(
    Type.Array(Type.String({ format: 'network' }), {
      maxItems: 100,
      description:
        'Networks like 10.0.0.0/8 that addresses named from outside (of files, for uploads) may lead to, beside the public internet.',
    }),
  ),
  timeout: Type.Integer({ minimum: 1, maximum: 300, default: 30, description: 'Seconds for one request.' }),
  largestFile: Type.Integer({ minimum: 1, maximum: 2048, default: 25, description: 'Largest file kept, in MB.' }),
} as const;
const Settings = Type.Object(reachSettings);

/** Static type of the validated settings. */
export type ReachSettings = Static<typeof Settings>;

import type { ConnectorDefinition } from '../contract.ts';
import { VatsConnection } from './connection.ts';
import { type VatsConfig, VatsSchema } from './schema.ts';

/** Connector for cloud PBXs that speak the protocol of iTooLabs: MegaFon, Gravitel, Dom.ru, Beeline and others. */
export const vats: ConnectorDefinition<VatsConfig> = {
  kind: 'vats',
  schema: VatsSchema,
  sends: ({ api }) => (api === undefined ? null : { channel: 'call', to: 'phone' }),
  listens: true,
  create: (config, context) => new VatsConnection(config, context),
};

import { callActions, isTransfer } from '../../domain/call/call-command.ts';
import type { ConnectorDefinition } from '../contract.ts';
import { AsteriskConnection } from './connection.ts';
import { type AsteriskConfig, AsteriskSchema } from './schema.ts';

/** Connector for Asterisk 16 to 22 and PBXs based on it (FreePBX, MikoPBX): calls over AMI, routing over FastAGI. */
export const asterisk: ConnectorDefinition<AsteriskConfig> = {
  kind: 'asterisk',
  schema: AsteriskSchema,
  sends: ({ clickToCall }) => (clickToCall === undefined ? null : { channel: 'call', to: 'phone' }),
  controls: ({ callControl }) => callActions.filter((action) => callControl !== undefined || !isTransfer(action)),
  passesOnDeclined: ({ callControl }) => callControl?.passOnDeclined ?? false,
  listens: true,
  create: (config, context) => new AsteriskConnection(config, context),
};

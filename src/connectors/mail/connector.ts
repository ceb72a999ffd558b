import type { ConnectorDefinition } from '../contract.ts';
import { Mailbox } from './mailbox.ts';
import { type MailConfig, MailSchema } from './schema.ts';

/** A mailbox: what comes in and what is sent from anywhere over IMAP. */
export const mail: ConnectorDefinition<MailConfig> = {
  kind: 'mail',
  schema: MailSchema,
  capabilities: ['backfill'],
  sends: null,
  create: (config, context) => new Mailbox(config, context),
};

import type { TSchema } from 'typebox';
import type { CallAction } from '../domain/call/call-command.ts';
import { asterisk } from './asterisk/connector.ts';
import { avito } from './avito/connector.ts';
import type { Connector, ConnectorContext, Sends } from './contract.ts';
import { mail } from './mail/connector.ts';
import { max } from './max/connector.ts';
import { telegram } from './telegram/connector.ts';
import { vats } from './vats/connector.ts';
import { viber } from './viber/connector.ts';
import { vk } from './vk/connector.ts';
import { webhook } from './webhook/connector.ts';
import { whatsapp } from './whatsapp/connector.ts';

/** A connector in the registry. Its settings have been validated by its own schema. */
export interface RegisteredConnector {
  readonly schema: TSchema;
  readonly sends: Sends | null | ((settings: never) => Sends | null);
  readonly controls?: (settings: never) => readonly CallAction[];
  readonly passesOnDeclined?: (settings: never) => boolean;
  readonly listens?: true;
  create(settings: never, context: ConnectorContext): Connector;
}

/** All kinds of connectors. A new kind needs a folder and a line here. */
export const connectors: Readonly<Record<string, RegisteredConnector>> = {
  asterisk,
  avito,
  mail,
  max,
  telegram,
  vats,
  viber,
  vk,
  webhook,
  whatsapp,
};

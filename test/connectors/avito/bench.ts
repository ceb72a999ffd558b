import { Value } from 'typebox/value';
import { avito } from '../../../src/connectors/avito/connector.ts';
import { type AvitoConfig, AvitoSchema } from '../../../src/connectors/avito/schema.ts';
import type { Connector, ConnectorContext } from '../../../src/connectors/contract.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { derivedSecret } from '../../../src/runtime/secrets.ts';
import { AvitoServer } from '../../support/avito-server.ts';

/** A scripted Avito that listens. */
export async function listening(isSecure = false): Promise<AvitoServer> {
  const server = new AvitoServer();
  server.root = await server.listen(isSecure);
  return server;
}

/** A connection to a scripted Avito. */
export function connect(server: AvitoServer, context: ConnectorContext, more: Partial<AvitoConfig> = {}): Connector {
  const { clientId, clientSecret, root } = server;
  const given = { kind: 'avito', clientId, clientSecret, api: root, ...more };
  return avito.create(Value.Default(AvitoSchema, given) as AvitoConfig, context);
}

/** A request of Avito to the webhook of a connection. */
export function hook(body: Buffer | object, connection: string, secret?: string): HookRequest {
  const known = secret ?? derivedSecret('avito-client-secret', `webhook ${connection}`);
  return {
    method: 'POST',
    query: { secret: known },
    headers: {},
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

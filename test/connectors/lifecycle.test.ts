import { Value } from 'typebox/value';
import { describe, expect, it, vi } from 'vitest';
import type { Connector, ConnectorContext } from '../../src/connectors/contract.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { freeTcpPort } from '../real/lab/ports.ts';
import { connectorContext } from '../support/connector-context.ts';

/** Connectors with a connection of their own. Messengers have the more extensive contract in `contract.ts`. */
const settings: Readonly<Record<string, (port: number) => object>> = {
  asterisk: (port) => ({ kind: 'asterisk', ami: { host: '127.0.0.1', port, username: 'pb', secret: 'pb' } }),
  mail: (port) => ({
    kind: 'mail',
    address: 'sales@our.example',
    password: 'secret',
    imap: { host: '127.0.0.1', port, tls: false },
    smtp: false,
  }),
};

/** A connector whose server is unavailable. */
async function withoutServer(kind: string, context: ConnectorContext): Promise<Connector> {
  const definition = connectors[kind];
  if (definition === undefined) throw new Error(`no connector ${kind}`);
  const given = settings[kind]?.(await freeTcpPort());
  return definition.create(Value.Parse(definition.schema, Value.Default(definition.schema, given)) as never, context);
}

describe.each(Object.keys(settings))('%s: the contract of connectors', (kind) => {
  it('is created without side effects, and can be started and stopped repeatedly', async () => {
    const context = connectorContext(kind);
    const connector = await withoutServer(kind, context);
    expect(context.states).toEqual([]);
    await connector.stop();
    await connector.start();
    await connector.stop();
    await connector.stop();
    expect(context.events).toEqual([]);
  });

  it('reports an unavailable server as a state with a reason, does not throw, and stops at once', async () => {
    const context = connectorContext(kind);
    const connector = await withoutServer(kind, context);
    await connector.start();
    await vi.waitFor(() => expect(context.states.some((state) => /^(degraded|failed): ./.test(state))).toBe(true), {
      timeout: 20_000,
    });
    expect(context.states).not.toContain('ready');
    await connector.stop();
    const reported = context.states.length;
    await connector.stop();
    expect(context.states).toHaveLength(reported);
  });
});

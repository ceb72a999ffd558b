import { Value } from 'typebox/value';
import { Endpoints } from '../../src/connectors/asterisk/endpoints/endpoints.ts';
import { type AsteriskConfig, AsteriskSchema } from '../../src/connectors/asterisk/schema.ts';

/** The settings of an Asterisk connection, with the defaults that production fills in. */
export function asteriskConfig(settings: Partial<AsteriskConfig>): AsteriskConfig {
  const ami = { host: '127.0.0.1', username: 'pb', secret: 'pb' };
  return Value.Parse(AsteriskSchema, Value.Default(AsteriskSchema, { kind: 'asterisk', ami, ...settings }));
}

/** What production takes the channels for under these settings. By default, extensions have three digits, as in the recorded streams. */
export function endpointsFor(settings: Partial<AsteriskConfig> = { extensions: '^\\d{3}$' }): Endpoints {
  return new Endpoints(asteriskConfig(settings));
}

import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';

/** A message of the contract, as `integrations/1c/contract/` describes it. */
export type MessageName =
  | 'Ping'
  | 'ClientsPage'
  | 'ClientsFound'
  | 'Users'
  | 'Interaction'
  | 'Written'
  | 'Notification'
  | 'Notified'
  | 'Problem';

const compiled = new Map<MessageName, ReturnType<typeof Compile>>();

/** What is wrong with a message; null if it keeps the contract. */
export function faultOf(name: MessageName, value: unknown): string | null {
  const schema = compiled.get(name) ?? Compile(schemaOf(name) as never);
  compiled.set(name, schema);
  if (schema.Check(value)) return null;
  const [first] = schema.Errors(value);
  return first === undefined ? 'does not match' : `${first.instancePath || '/'} ${first.message}`;
}

function schemaOf(name: MessageName): unknown {
  const url = new URL(`../../../../integrations/1c/contract/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

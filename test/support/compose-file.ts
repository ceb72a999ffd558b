import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';

const strict = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1 });
const Duration = Type.String({ pattern: '^(\\d+(us|ms|s|m|h))+$' });
const Empty = Type.Object({}, strict);

const Service = Type.Object(
  {
    image: Type.String({ pattern: '^[a-z0-9./_-]+(:[A-Za-z0-9._-]+)?$' }),
    build: Type.Optional(Type.Object({ context: Text, dockerfile: Text }, strict)),
    entrypoint: Type.Optional(Type.Array(Text)),
    command: Type.Optional(Type.Array(Text)),
    environment: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }), Text)),
    env_file: Type.Optional(Type.Array(Type.Object({ path: Text, required: Type.Boolean() }, strict))),
    volumes: Type.Optional(Type.Array(Type.String({ pattern: '^[^:]+:/[^:]+(:ro)?$' }))),
    ports: Type.Optional(Type.Array(Type.String({ pattern: '^([\\d.]+:)?\\d{1,5}:\\d{1,5}$' }))),
    networks: Type.Union([Type.Array(Text), Type.Record(Text, Type.Object({ ipv4_address: Text }, strict))]),
    depends_on: Type.Optional(
      Type.Union([
        Type.Array(Text),
        Type.Record(
          Text,
          Type.Object(
            {
              condition: Type.Union([
                Type.Literal('service_started'),
                Type.Literal('service_healthy'),
                Type.Literal('service_completed_successfully'),
              ]),
            },
            strict,
          ),
        ),
      ]),
    ),
    healthcheck: Type.Optional(
      Type.Object({ test: Type.Array(Text, { minItems: 2 }), interval: Type.Optional(Duration) }, strict),
    ),
    stop_grace_period: Type.Optional(Duration),
    restart: Type.Union([Type.Literal('no'), Type.Literal('always'), Type.Literal('unless-stopped')]),
  },
  strict,
);

const Subnets = Type.Object({ config: Type.Array(Type.Object({ subnet: Text }, strict)) }, strict);

/** The part of the Compose Specification that our file uses. Any other key is an error. */
const ComposeFile = Type.Object(
  {
    services: Type.Record(Type.String({ pattern: '^[a-zA-Z0-9._-]+$' }), Service),
    volumes: Type.Record(Type.String({ pattern: '^[a-zA-Z0-9._-]+$' }), Empty),
    networks: Type.Record(Text, Type.Object({ ipam: Subnets }, strict)),
  },
  strict,
);

/** A service in compose.yaml. */
export type ComposeService = Static<typeof Service>;

/**
 * Reads a compose file as the Compose Specification says: merges anchors, drops `x-` keys, fills in `${NAME:?why}` and `${NAME:-usual}` from `env`.
 * Throws on anything that violates the specification.
 */
export function readCompose(text: string, env: Readonly<Record<string, string>>): Static<typeof ComposeFile> {
  const filled = (value: string) =>
    value.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
      const [usual, fallback] = inner.split(':-');
      if (fallback !== undefined) return env[usual ?? ''] ?? fallback;
      const [name = '', why] = inner.split(':?');
      const found = env[name];
      // Compose only warns about an unset variable without a default and makes it empty. A password must not be empty.
      if (why === undefined || why === '') throw new Error(`\${${inner}} does not say that it must be set`);
      if (found === undefined) throw new Error(`${name} is not set: ${why}`);
      return found;
    });
  const fill = (_: unknown, value: unknown) => (typeof value === 'string' ? filled(value) : value);
  const all: Readonly<Record<string, unknown>> = parse(text, fill, { merge: true });
  const own = Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('x-')));
  const [wrong] = Value.Errors(ComposeFile, own);
  if (wrong !== undefined) throw new Error(`${wrong.instancePath} ${wrong.message}`);
  return Value.Parse(ComposeFile, own);
}

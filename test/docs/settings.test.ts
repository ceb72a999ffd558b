import { type TSchema, Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { walk } from '../../scripts/docs/markdown.mjs';
import { ConfigSchema } from '../../src/config/schema.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { backSettings } from '../../src/crm/bitrix24/back/settings.ts';
import { callSettings } from '../../src/crm/bitrix24/calls/settings.ts';
import { connectSettings } from '../../src/crm/bitrix24/connect/settings.ts';
import { eventSettings } from '../../src/crm/bitrix24/events/settings.ts';
import { openLineSettings } from '../../src/crm/bitrix24/open-lines/settings.ts';
import { placementSettings } from '../../src/crm/bitrix24/placement/settings.ts';
import { unknownSettings } from '../../src/crm/bitrix24/unknown/settings.ts';
import { writtenSettings } from '../../src/crm/bitrix24/written/settings.ts';
import { coreKinds } from '../../src/crm/registry.ts';
import { deliverySettings } from '../../src/crm/shared/settings.ts';
import { reachSettings } from '../../src/runtime/http/settings.ts';
import { pageOf } from './pages.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Every key of a schema, at any depth. */
function keysOf(given: TSchema | Schema): ReadonlySet<string> {
  const { properties = {}, patternProperties = {}, items, anyOf = [] } = given as Schema;
  const below = [
    ...Object.values(properties),
    ...Object.values(patternProperties),
    ...anyOf,
    ...(items ? [items] : []),
  ];
  return new Set([...Object.keys(properties), ...below.flatMap((one) => [...keysOf(one)])]);
}

/** Code words under the given headings of a page and their subheadings. */
function codeUnder(source: string, ids: readonly string[]): ReadonlySet<string> {
  const { sections } = pageOf(source);
  const tokens = ids.flatMap((id) => {
    const start = sections.findIndex((section) => section.ids.includes(id));
    const first = sections[start];
    if (first === undefined) throw new Error(`${source} has no #${id}`);
    const end = sections.findIndex(({ depth }, i) => i > start && depth <= first.depth);
    return sections.slice(start, end < 0 ? undefined : end).flatMap((section) => section.tokens);
  });
  const code = [...walk(tokens)].flatMap((token) => (token.type === 'codespan' ? [token.text as string] : []));
  return new Set(code.flatMap((text) => text.split(/[^\w]+/)));
}

const sections = Object.entries(ConfigSchema.properties).map(
  ([section, schema]) => [section, schema as TSchema, 'configuration', [section]] as const,
);
const common = ['settings-of-all-messengers'];
const places: Readonly<Record<string, readonly [page: string, ids: readonly string[]]>> = {
  asterisk: [
    'configuration',
    ['asterisk', 'trunks', 'devices', 'numbers', 'call-record', 'click-to-call', 'call-control'],
  ],
  mail: ['mail', ['settings']],
  vats: ['vats', ['settings']],
  ...Object.fromEntries(
    ['telegram', 'whatsapp', 'vk', 'max', 'viber', 'avito'].map((kind) => [
      kind,
      ['messengers', [kind, ...common]] as const,
    ]),
  ),
};
const kinds = Object.entries(places).map(
  ([kind, [page, ids]]) => [kind, connectors[kind]?.schema as TSchema, page, ids] as const,
);
const rest = [
  [
    'what begins in Bitrix24',
    Type.Object({ ...backSettings, ...eventSettings, ...placementSettings }) as TSchema,
    'bitrix24',
    ['back'],
  ] as const,
  [
    'letters and strangers at Bitrix24',
    Type.Object({ ...writtenSettings, ...unknownSettings }) as TSchema,
    'bitrix24',
    ['letters-messages-and-forms'],
  ] as const,
  ['open lines of Bitrix24', Type.Object(openLineSettings) as TSchema, 'bitrix24', ['open-lines']] as const,
  ['calls at Bitrix24', Type.Object(callSettings) as TSchema, 'bitrix24', ['calls']] as const,
  ['itoolabs destination', coreKinds.itoolabs?.schema as TSchema, 'unf', ['settings']] as const,
  ['webhook destination', coreKinds.webhook?.schema as TSchema, 'configuration', ['destinations']] as const,
  [
    'bitrix24 destination',
    Type.Object({ ...connectSettings, ...reachSettings, ...deliverySettings({ internal: false }) }) as TSchema,
    'bitrix24',
    ['settings'],
  ] as const,
];
/** Keys that are documented on the page about forms, and keywords of JSON Schema. */
const elsewhere = new Set(['kind', 'ca', 'rejectUnauthorized', 'tls']);

describe.each(['docs', 'docs/ru'])('%s', (folder) => {
  it.each([...sections, ...kinds, ...rest])('documents every setting of %s', (section, schema, page, ids) => {
    const form = section === 'lines' ? keysOf((schema as Schema).items?.properties?.form ?? {}) : new Set<string>();
    const code = codeUnder(`${folder}/${page}.md`, ids);
    const missing = [...keysOf(schema)].filter((key) => !code.has(key) && !form.has(key) && !elsewhere.has(key));
    expect(missing).toEqual([]);
  });

  it('documents every setting of a form', () => {
    const lines = ConfigSchema.properties.lines as Schema;
    const code = codeUnder(`${folder}/forms.md`, ['settings']);
    expect([...keysOf(lines.items?.properties?.form ?? {})].filter((key) => !code.has(key))).toEqual([]);
  });

  it('has a section for every kind of connector', () => {
    expect(Object.keys(connectors).filter((kind) => !(kind in places))).toEqual(['webhook']);
  });
});

import { PropertyError } from '../errors.ts';
import type { ObjectDescription, ObjectKind, Preset } from './description.ts';
import type { Attribute, Attributes } from './types.ts';

/** A property of an entity, as OData shows an attribute or a part of it. */
export interface Property {
  readonly name: string;
  readonly attribute: Attribute;
  /** `type`: the `X_Type` beside a composite attribute or a value storage. */
  readonly part: 'value' | 'type';
  /** Its name without a suffix. */
  readonly base: string;
}

/** The properties of an object or of the rows of a section. */
export interface Properties {
  readonly list: readonly Property[];
  readonly byName: ReadonlyMap<string, Property>;
}

/** An entity set. */
export interface Entity {
  readonly set: string;
  readonly kind: ObjectKind;
  readonly properties: Properties;
  readonly sections: ReadonlyMap<string, Properties>;
  /** The properties that make up the key. */
  readonly key: readonly string[];
  readonly codeLength: number;
}

/** How a test alters a preset. An attribute is `Catalog_Партнеры.ОсновнойМенеджер` or `Catalog_Партнеры.КонтактнаяИнформация.АдресЭП`. */
export interface SchemaChanges {
  /** Objects, sections and attributes that this base lacks. */
  readonly without?: readonly string[];
  /** New names of attributes and sections, by their address. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Other lengths of texts. */
  readonly lengths?: Readonly<Record<string, number>>;
}

/** What a base publishes. */
export class Schema {
  readonly #entities = new Map<string, Entity>();

  constructor(preset: Preset, changes: SchemaChanges = {}) {
    const unused = new Set([
      ...(changes.without ?? []),
      ...Object.keys(changes.renamed ?? {}),
      ...Object.keys(changes.lengths ?? {}),
    ]);
    for (const object of preset.objects) {
      if (changes.without?.includes(object.name)) unused.delete(object.name);
      else this.#entities.set(object.name, entityOf(object, changes, unused));
    }
    if (unused.size > 0) throw new Error(`the preset ${preset.name} has no ${[...unused].join(', ')}`);
  }

  get entities(): readonly Entity[] {
    return [...this.#entities.values()];
  }

  find(set: string): Entity | null {
    return this.#entities.get(set) ?? null;
  }

  has(set: string): boolean {
    return this.#entities.has(set);
  }
}

/** The property of that name. Throws if there is none. */
export function propertyOf({ byName }: Properties, name: string): Property {
  const property = byName.get(name);
  if (property === undefined) throw new PropertyError(name);
  return property;
}

/** The attribute that a navigation goes by: a reference or a composite one. */
export function navigationOf({ list }: Properties, name: string): Property | null {
  return (
    list.find(
      ({ base, part, attribute }) =>
        base === name && part === 'value' && (attribute.kind === 'reference' || attribute.kind === 'composite'),
    ) ?? null
  );
}

function entityOf(object: ObjectDescription, changes: SchemaChanges, unused: Set<string>): Entity {
  const altered = (address: string, attributes: Attributes): Attributes => {
    const kept = Object.entries(attributes).flatMap(([name, attribute]): [string, Attribute][] => {
      const full = `${address}.${name}`;
      unused.delete(full);
      if (changes.without?.includes(full)) return [];
      const length = changes.lengths?.[full];
      const type = length === undefined ? attribute : { kind: 'string' as const, maxLength: length };
      return [[changes.renamed?.[full] ?? name, type]];
    });
    return Object.fromEntries(kept);
  };
  const sections = Object.entries(object.sections).flatMap(([name, attributes]): [string, Properties][] => {
    const full = `${object.name}.${name}`;
    unused.delete(full);
    if (changes.without?.includes(full)) return [];
    return [[changes.renamed?.[full] ?? name, propertiesOf(altered(full, attributes))]];
  });
  const properties = propertiesOf(altered(object.name, object.attributes));
  return {
    set: object.name,
    kind: object.kind,
    properties,
    sections: new Map(sections),
    key: properties.list
      .filter(({ base, name }) => object.key.includes(base) || object.key.includes(name))
      .map(({ name }) => name),
    codeLength: object.codeLength,
  };
}

function propertiesOf(attributes: Attributes): Properties {
  const list = Object.entries(attributes).flatMap(([name, attribute]) => partsOf(name, attribute));
  return { list, byName: new Map(list.map((property) => [property.name, property])) };
}

function partsOf(base: string, attribute: Attribute): readonly Property[] {
  switch (attribute.kind) {
    case 'reference':
      return [{ name: `${base}_Key`, attribute, part: 'value', base }];
    case 'composite':
      return [
        { name: base, attribute, part: 'value', base },
        { name: `${base}_Type`, attribute, part: 'type', base },
      ];
    case 'storage':
      return [
        { name: `${base}_Base64Data`, attribute, part: 'value', base },
        { name: `${base}_Type`, attribute, part: 'type', base },
      ];
    default:
      return [{ name: base, attribute, part: 'value', base }];
  }
}

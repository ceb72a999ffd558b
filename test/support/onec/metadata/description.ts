import { type Attribute, type Attributes, anyOf, date, flag, guid, ref, text } from './types.ts';

/** The kinds of objects that a preset may hold. */
export type ObjectKind = 'catalog' | 'document' | 'register' | 'constant';

/** An object of a configuration. Presets are made of these, and both the metadata and the checks come from them. */
export interface ObjectDescription {
  readonly kind: ObjectKind;
  /** The name of its entity set: `Catalog_Партнеры`. */
  readonly name: string;
  /** All attributes, the standard ones first. */
  readonly attributes: Attributes;
  /** Tabular sections by name. */
  readonly sections: Readonly<Record<string, Attributes>>;
  /** The attributes that make up the key. */
  readonly key: readonly string[];
  /** The length of codes and numbers, which 1C gives out itself. */
  readonly codeLength: number;
}

interface CatalogGiven {
  readonly attributes?: Attributes;
  readonly sections?: Readonly<Record<string, Attributes>>;
  /** The length of `Code`; 0: the catalog has none. Default: 11. */
  readonly codeLength?: number;
  /** The length of `Description`. Default: 100. */
  readonly nameLength?: number;
  /** Whether items have parents; with `folders`, some of them are folders (IsFolder). */
  readonly hierarchy?: 'none' | 'items' | 'folders';
  readonly owners?: readonly string[];
}

const versioned: Attributes = { Ref_Key: guid, DataVersion: text(8), DeletionMark: flag };

/** A catalog (Справочник). */
export function catalog(name: string, given: CatalogGiven = {}): ObjectDescription {
  const { codeLength = 11, nameLength = 100, hierarchy = 'none', owners = [] } = given;
  const [owner, ...otherOwners] = owners;
  return {
    kind: 'catalog',
    name: `Catalog_${name}`,
    attributes: {
      ...versioned,
      ...(owner === undefined ? {} : { Owner: otherOwners.length === 0 ? ref(owner) : anyOf(owners) }),
      ...(hierarchy === 'none' ? {} : { Parent: ref(`Catalog_${name}`) }),
      ...(hierarchy === 'folders' ? { IsFolder: flag } : {}),
      ...(codeLength === 0 ? {} : { Code: text(codeLength) }),
      Description: text(nameLength),
      ...given.attributes,
      Predefined: flag,
      PredefinedDataName: text(),
    },
    sections: given.sections ?? {},
    key: ['Ref_Key'],
    codeLength,
  };
}

/** A chart of characteristic types (План видов характеристик), as far as it is a list. */
export function characteristicTypes(name: string): ObjectDescription {
  return { ...catalog(name), name: `ChartOfCharacteristicTypes_${name}` };
}

/** A document. None of those in the presets can be posted. */
export function document(
  name: string,
  attributes: Attributes,
  sections: Readonly<Record<string, Attributes>> = {},
): ObjectDescription {
  return {
    kind: 'document',
    name: `Document_${name}`,
    attributes: { ...versioned, Number: text(11), Date: date, Posted: flag, ...attributes },
    sections,
    key: ['Ref_Key'],
    codeLength: 11,
  };
}

/** An information register without a recorder (независимый регистр сведений). */
export function register(name: string, dimensions: Attributes, resources: Attributes): ObjectDescription {
  return {
    kind: 'register',
    name: `InformationRegister_${name}`,
    attributes: { ...dimensions, ...resources },
    sections: {},
    key: Object.keys(dimensions),
    codeLength: 0,
  };
}

/** A constant. */
export function constant(name: string, type: Attribute): ObjectDescription {
  return {
    kind: 'constant',
    name: `Constant_${name}`,
    attributes: { Value: type },
    sections: {},
    key: [],
    codeLength: 0,
  };
}

/** The objects of a configuration that matter to us, under their true names. */
export interface Preset {
  readonly name: string;
  /** What it stands for, with the release that was read. */
  readonly title: string;
  readonly objects: readonly ObjectDescription[];
  /** What no source confirms, by object or `object.attribute`, with the reason. */
  readonly unverified: Readonly<Record<string, string>>;
}

import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { Attribute, Attributes, Family, Preset, Purpose, UsedObject, ValueKind } from '../presets/preset.ts';
import type { FoundMetadata, FoundProperties, FoundProperty, WantedMetadata } from './read-edmx.ts';
import { markSets, recognise } from './recognise.ts';

/** Something that a preset uses and the base does not have as it is expected. */
export interface Missing {
  readonly purpose: Purpose;
  /** Its address, such as `Catalog_Партнеры.ОсновнойМенеджер`. */
  readonly what: string;
  /** `absent`: it does not exist or is not published. `type`: its type is another. `short`: a text is too short for an id. */
  readonly problem: 'absent' | 'type' | 'short';
  /** The type or length that was found. */
  readonly found: string | null;
  readonly isOptional: boolean;
}

/** Most names in a reason. */
const maxNamed = 10;

/** The OData types of each kind of value. The `_Type` of a composite value is checked besides. */
const types: Readonly<Record<ValueKind, readonly string[]>> = {
  reference: ['Edm.Guid'],
  composite: ['Edm.String'],
  text: ['Edm.String'],
  flag: ['Edm.Boolean'],
  date: ['Edm.DateTime'],
  number: ['Edm.Int16', 'Edm.Int32', 'Edm.Int64', 'Edm.Double', 'Edm.Decimal'],
};

/** What a preset wants to know of `$metadata`. */
export function wantedOf({ objects }: Preset): WantedMetadata {
  return { sets: new Map(objects.map(({ set, sections }) => [set, Object.keys(sections ?? {})])), marks: markSets };
}

/** What a preset uses, as it is in a base. Only what exists is read or written. */
export class Mapping {
  readonly preset: Preset;
  /** The family that the base's objects suggest, or null. */
  readonly family: Family | null;
  /** Everything that is missing, also what we do without. */
  readonly missing: readonly Missing[];
  readonly #found: FoundMetadata;

  constructor(preset: Preset, found: FoundMetadata) {
    this.preset = preset;
    this.#found = found;
    this.family = recognise(found.marks);
    this.missing = preset.objects.flatMap((object) => missingOf(object, found.objects[object.set]));
  }

  /** Whether a set exists, with all that we can't do without. */
  hasSet(set: string): boolean {
    const object = this.preset.objects.find((one) => one.set === set);
    if (object === undefined || this.#found.objects[set] === undefined) return false;
    return missingOf(object, this.#found.objects[set]).every(({ isOptional }) => isOptional);
  }

  /** Whether an attribute exists under its name. That of a section is `Section/Attribute`. */
  has(set: string, attribute: string): boolean {
    const properties = this.#found.objects[set];
    return properties !== undefined && [attribute, `${attribute}_Key`].some((name) => name in properties);
  }

  /** The length of a text; null if it is unlimited. That of a section is `Section/Attribute`. */
  maxLength(set: string, attribute: string): number | null {
    return this.#found.objects[set]?.[attribute]?.[1] ?? null;
  }

  /** What prevents a purpose. */
  missingFor(purpose: Purpose): readonly Missing[] {
    return this.missing.filter((one) => one.purpose === purpose && !one.isOptional);
  }

  /** Throws a ServiceError that names what is missing for one of the purposes: then nothing is read or written. */
  require(...purposes: readonly Purpose[]): void {
    const missing = purposes.flatMap((purpose) => this.missingFor(purpose)).map(missingText);
    if (missing.length === 0) return;
    const more = missing.length > maxNamed ? [`… (${missing.length})`] : [];
    const named = [...missing.slice(0, maxNamed), ...more];
    throw new ServiceError('access', reason('baseDiffers', { service, missing: named }));
  }
}

/** Names something that is missing, for people. */
export function missingText({ what, problem, found }: Missing): string {
  return problem === 'absent' ? what : `${what} (${found})`;
}

function missingOf(object: UsedObject, found: FoundProperties | undefined): readonly Missing[] {
  const { set, purpose, attributes, sections = {}, isOptional = false } = object;
  if (found === undefined) return [{ purpose, what: set, problem: 'absent', found: null, isOptional }];
  const wrong = (prefix: string, address: string, wanted: Attributes) =>
    Object.entries(wanted).flatMap(([name, attribute]) => {
      const problem = problemOf(prefix + name, attribute, found);
      return problem === null
        ? []
        : [{ purpose, what: `${address}.${name}`, isOptional: attribute.isOptional || isOptional, ...problem }];
    });
  const ofSections = Object.entries(sections).flatMap(([section, columns]) => {
    const hasAny = Object.keys(found).some((name) => name.startsWith(`${section}/`));
    const what = `${set}.${section}`;
    if (!hasAny) return [{ purpose, what, problem: 'absent', found: null, isOptional } as const];
    return wrong(`${section}/`, what, columns);
  });
  return [...wrong('', set, attributes), ...ofSections];
}

function problemOf(
  path: string,
  { kind, atLeast }: Attribute,
  found: FoundProperties,
): Pick<Missing, 'problem' | 'found'> | null {
  // Reads `X` of a reference as well as `X_Key` of a text: then it exists, and only its type is another.
  const property = found[kind === 'reference' ? `${path}_Key` : path] ?? found[path] ?? found[`${path}_Key`];
  if (property === undefined) return { problem: 'absent', found: null };
  const described = descriptionOf(path, property, found);
  const isComposite = found[`${path}_Type`] !== undefined;
  if (!types[kind].includes(property[0]) || isComposite !== (kind === 'composite'))
    return { problem: 'type', found: described };
  const [, length] = property;
  if (atLeast !== undefined && length !== null && length < atLeast)
    return { problem: 'short', found: `${length} < ${atLeast}` };
  return null;
}

function descriptionOf(path: string, [type]: FoundProperty, found: FoundProperties): string {
  return found[`${path}_Type`] === undefined ? type : 'composite';
}

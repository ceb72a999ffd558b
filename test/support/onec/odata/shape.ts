import { errors, PropertyError } from '../errors.ts';
import type { Infobase } from '../infobase.ts';
import { type Entity, navigationOf, type Property } from '../metadata/schema.ts';
import { emptyRef, type Row, rowsIn, setOfType, textIn, textType } from '../store/values.ts';

/** How much JSON says of the metadata. */
export type MetadataLevel = 'none' | 'minimal' | 'full';

/** An object as an answer shows it. */
export interface Shown {
  readonly [name: string]: unknown;
}

/** Chooses what of an object an answer shows: `$select` and `$expand`. */
export class Shape {
  readonly #base: Infobase;
  readonly #entity: Entity;
  readonly #level: MetadataLevel;
  readonly #selected: readonly string[];
  readonly #expanded: readonly string[];

  constructor(
    base: Infobase,
    entity: Entity,
    level: MetadataLevel,
    { select, expand }: { readonly select: readonly string[] | null; readonly expand: readonly string[] },
  ) {
    this.#base = base;
    this.#entity = entity;
    this.#level = level;
    this.#selected = select === null || select.length === 0 ? ['*'] : select;
    this.#expanded = expand.flatMap((path) => (path === '*' ? this.#allReferences() : [path]));
    this.#check();
  }

  show(row: Row): Shown {
    const shown: Record<string, unknown> = {};
    for (const item of this.#selected) Object.assign(shown, this.#item(item, row));
    for (const path of this.#expanded) Object.assign(shown, this.#expansion(path, row));
    return this.#level === 'full' ? { 'odata.type': `StandardODATA.${this.#entity.set}`, ...shown } : shown;
  }

  #item(item: string, row: Row): Shown {
    const { set, properties, sections } = this.#entity;
    if (item === '*' || item === '**') {
      return {
        ...Object.assign({}, ...properties.list.map((property) => this.#property(property, row))),
        ...(item === '*' ? Object.fromEntries([...sections.keys()].map((name) => [name, sectionOf(row, name)])) : {}),
      };
    }
    if (item === 'Presentation') return { Presentation: this.#base.presentation(set, textIn(row, 'Ref_Key')) };
    if (item === '*____Presentation')
      return Object.assign(
        {},
        ...properties.list.filter(({ part }) => part === 'value').map((one) => this.#presented(one, row)),
      );
    if (item.endsWith('____Presentation')) return this.#presented(this.#presentable(item), row);
    if (item.includes('/')) return {};
    if (sections.has(item)) return { [item]: sectionOf(row, item) };
    const property = properties.byName.get(item);
    return property === undefined ? {} : this.#property(property, row);
  }

  #property({ name, base, attribute, part }: Property, row: Row): Shown {
    const value = { [name]: row[name] };
    const links = this.#level !== 'none' && attribute.kind === 'reference' && part === 'value';
    if (!links || row[name] === emptyRef || row.Ref_Key === undefined) return value;
    return { ...value, [`${base}@navigationLinkUrl`]: `${this.#entity.set}(guid'${textIn(row, 'Ref_Key')}')/${base}` };
  }

  #presentable(item: string): Property {
    const base = item.slice(0, -'____Presentation'.length);
    const property = this.#entity.properties.list.find((one) => one.base === base || one.name === base);
    if (property === undefined || property.attribute.kind === 'storage') throw new PropertyError(item);
    return property;
  }

  #presented({ name, base, attribute }: Property, row: Row): Shown {
    const presentation = (): string => {
      if (attribute.kind === 'reference') return this.#base.presentation(attribute.to, textIn(row, name));
      if (attribute.kind !== 'composite') return String(row[name] ?? '');
      const set = setOfType(row[`${base}_Type`]);
      return set === null ? textIn(row, base) : this.#base.presentation(set, textIn(row, base));
    };
    return { [`${base}____Presentation`]: presentation() };
  }

  #expansion(path: string, row: Row): Shown {
    const [base = '', ...rest] = path.split('/');
    const property = navigationOf(this.#entity.properties, base);
    if (property === null) throw new PropertyError(base);
    const isComposite = property.attribute.kind === 'composite';
    const set = property.attribute.kind === 'reference' ? property.attribute.to : setOfType(row[`${base}_Type`]);
    const name = isComposite ? `${base}_Expanded` : base;
    const [wanted, ...deeper] = isComposite ? rest : [set, ...rest];
    if (isComposite && wanted === '*') throw errors.unsupported(`$expand=${path}`);
    const target = set === null ? null : this.#base.find(set, textIn(row, property.name));
    if (set === null || target === null || row[`${base}_Type`] === textType) return { [name]: null };
    const isDeeper = deeper.length > 0 && wanted === set;
    const inner = new Shape(this.#base, this.#base.entity(set), this.#level, {
      select: this.#nestedSelect(isComposite && wanted !== undefined ? `${base}/${set}/` : `${base}/`),
      expand: isDeeper ? [deeper.join('/')] : [],
    });
    return { [name]: inner.show(target) };
  }

  #nestedSelect(prefix: string): readonly string[] | null {
    const nested = this.#selected.flatMap((item) => (item.startsWith(prefix) ? [item.slice(prefix.length)] : []));
    return nested.length === 0 ? null : nested;
  }

  #allReferences(): readonly string[] {
    return this.#entity.properties.list.flatMap(({ base, attribute }) =>
      attribute.kind === 'reference' && this.#base.schema.has(attribute.to) ? [base] : [],
    );
  }

  /** Names are checked before any object is read. */
  #check(): void {
    const { properties, sections } = this.#entity;
    for (const item of this.#selected) {
      if (['*', '**', 'Presentation', '*____Presentation'].includes(item) || item.includes('/')) continue;
      if (item.endsWith('____Presentation')) this.#presentable(item);
      else if (!properties.byName.has(item) && !sections.has(item)) throw new PropertyError(item);
    }
    for (const path of this.#expanded) {
      const [base = ''] = path.split('/');
      if (sections.has(base)) throw errors.unsupported(`$expand=${path}`);
      if (navigationOf(properties, base) === null) throw new PropertyError(base);
    }
  }
}

function sectionOf(row: Row, name: string): readonly Row[] {
  return rowsIn(row, name).map((one, index) => ({
    Ref_Key: row.Ref_Key ?? emptyRef,
    ...one,
    LineNumber: String(index + 1),
  }));
}

import type { Row } from '../store/values.ts';
import type { Preset } from './description.ts';
import { type Entity, type Properties, Schema, type SchemaChanges } from './schema.ts';

/** Translates objects that are filled in under a preset's names to those that an altered base has. */
export class PresetNames {
  readonly #schema: Schema;
  readonly #changes: SchemaChanges;
  readonly #altered: readonly string[];

  constructor(preset: Preset, changes: SchemaChanges = {}) {
    this.#schema = new Schema(preset);
    this.#changes = changes;
    this.#altered = [...(changes.without ?? []), ...Object.keys(changes.renamed ?? {})];
  }

  /** The unaltered description of a set. */
  entity(set: string): Entity {
    const entity = this.#schema.find(set);
    if (entity === null) throw new Error(`the preset has no ${set}`);
    return entity;
  }

  /** The object under the names of the base; what the base lacks is dropped. Throws on a name that the preset does not have. */
  translate(set: string, fields: Row): Row {
    const { properties, sections } = this.entity(set);
    const unknown = Object.keys(fields).find((name) => !properties.byName.has(name) && !sections.has(name));
    if (unknown !== undefined) throw new Error(`${set} has no ${unknown}`);
    if (!this.#altered.some((address) => address.startsWith(`${set}.`))) return fields;
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]): [string, Row[string]][] => {
        const columns = sections.get(name);
        if (columns === undefined) return this.#named(set, properties, name).map((own) => [own, value]);
        const address = `${set}.${name}`;
        if (this.#changes.without?.includes(address) || !Array.isArray(value)) return [];
        return [[this.#changes.renamed?.[address] ?? name, value.map((row: Row) => this.#row(address, columns, row))]];
      }),
    );
  }

  #row(address: string, columns: Properties, row: Row): Row {
    const named = Object.entries(row).flatMap(([name, value]) =>
      this.#named(address, columns, name).map((own): [string, Row[string]] => [own, value]),
    );
    return Object.fromEntries(named);
  }

  /** The name of a property in the base; none if the base lacks it. */
  #named(address: string, { byName }: Properties, name: string): readonly string[] {
    const base = byName.get(name)?.base ?? name;
    const full = `${address}.${base}`;
    if (this.#changes.without?.includes(full)) return [];
    return [(this.#changes.renamed?.[full] ?? base) + name.slice(base.length)];
  }
}

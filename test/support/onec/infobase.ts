import { randomUUID } from 'node:crypto';
import { toWallClock } from '../../../src/domain/base/zoned-time.ts';
import { type Clock, systemClock } from '../../../src/runtime/clock.ts';
import { errors } from './errors.ts';
import { PresetNames } from './metadata/preset-names.ts';
import { type Entity, Schema } from './metadata/schema.ts';
import type { OnecOptions } from './options.ts';
import { presets } from './presets/presets.ts';
import { OnecState } from './state.ts';
import { EntityStore, type Generated } from './store/entity-store.ts';
import { emptyObject, emptyRef, type Row, setOfType, textIn } from './store/values.ts';

/** An infobase of 1C: its metadata, its objects, and what happens when they are written. */
export class Infobase {
  readonly options: OnecOptions;
  readonly clock: Clock;
  readonly schema: Schema;
  /** The names under which people fill objects in, whatever the base calls them. */
  readonly names: PresetNames;
  readonly state = new OnecState();
  readonly #stores = new Map<string, EntityStore>();
  readonly #lastNumbers = new Map<string, number>();
  /** What runs after an object was written, within the write. */
  readonly handlers: ((entity: Entity, row: Row) => void)[] = [];
  /** Generated objects have lower versions. */
  #version = 1_000_000_000;

  constructor(options: OnecOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    const preset = presets[options.preset ?? 'ut11'];
    this.schema = new Schema(preset, options.changes);
    this.names = new PresetNames(preset, options.changes);
    for (const entity of this.schema.entities) this.#stores.set(entity.set, new EntityStore(entity));
  }

  /** Makes a set's objects when they are read. */
  generate(set: string, generated: Generated): void {
    this.#stores.set(set, new EntityStore(this.entity(set), generated));
  }

  /** The description of a set. Throws if the base does not publish it. */
  entity(set: string): Entity {
    const entity = this.schema.find(set);
    if (entity === null) throw errors.entity(set);
    return entity;
  }

  store(set: string): EntityStore {
    const store = this.#stores.get(set);
    if (store === undefined) throw errors.entity(set);
    return store;
  }

  /** The object that a reference of one kind points to; null if it is empty, broken, or of a kind that is not published. */
  find(set: string, key: string): Row | null {
    return this.#stores.get(set)?.get(key) ?? null;
  }

  /** The object that a composite attribute points to. */
  findComposite(row: Row, attribute: string): Row | null {
    const set = setOfType(row[`${attribute}_Type`]);
    return set === null ? null : this.find(set, textIn(row, attribute));
  }

  /** An empty object with a key, a number and the date, not stored yet. */
  draft(entity: Entity, key: string = randomUUID()): Row {
    const empty = emptyObject(entity);
    if (entity.kind === 'register' || entity.kind === 'constant') return empty;
    return {
      ...empty,
      Ref_Key: key,
      ...('Code' in empty ? { Code: this.#nextNumber(entity) } : {}),
      ...('Number' in empty ? { Number: this.#nextNumber(entity), Date: this.now() } : {}),
    };
  }

  /** Stores an object under a new version and runs what 1C does at writing. */
  write(entity: Entity, row: Row): Row {
    const written = 'DataVersion' in row ? { ...row, DataVersion: this.#nextVersion() } : row;
    this.store(entity.set).put(written);
    for (const handle of this.handlers) handle(entity, written);
    return this.store(entity.set).get(this.store(entity.set).keyOf(written)) ?? written;
  }

  /** Makes an object as a user would, and returns it. */
  create(set: string, fields: Row): Row {
    const entity = this.entity(set);
    return this.write(entity, { ...this.draft(entity), ...this.names.translate(set, fields) });
  }

  /** Changes an object as a user would. */
  change(set: string, key: string, fields: Row): Row {
    const row = this.find(set, key);
    if (row === null) throw new Error(`${set} has no ${key}`);
    return this.write(this.entity(set), { ...row, ...this.names.translate(set, fields) });
  }

  /** The time of the server's session, as 1C writes it. */
  now(): string {
    return this.local(this.clock.now());
  }

  /** A moment in the zone of the base. */
  local(at: number): string {
    return new Date(toWallClock(at, this.options.timezone ?? 'Europe/Moscow')).toISOString().slice(0, 19);
  }

  /** The text by which people know an object. */
  presentation(set: string, key: string): string {
    if (key === emptyRef || key === '') return '';
    const row = this.find(set, key);
    if (row === null) return `<Объект не найден> (${key})`;
    if (!set.startsWith('Document_')) return textIn(row, 'Description');
    const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(.*)$/.exec(textIn(row, 'Date')) ?? [];
    return `${set.slice('Document_'.length)} ${textIn(row, 'Number')} от ${day}.${month}.${year} ${time}`;
  }

  #nextVersion(): string {
    this.#version += 1;
    return versionText(this.#version);
  }

  #nextNumber({ set, codeLength }: Entity): string {
    const number = (this.#lastNumbers.get(set) ?? 0) + 1;
    this.#lastNumbers.set(set, number);
    return String(number).padStart(codeLength, '0');
  }
}

/** A `DataVersion`. Only equality means something: as texts they do not grow. */
export function versionText(version: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(version));
  return bytes.toString('base64');
}

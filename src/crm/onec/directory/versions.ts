import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parseJson } from '../../../runtime/http/fields.ts';
import type { CoreContext } from '../../contract.ts';
import { checksumCount, type VersionTable } from './version-table.ts';

const cursorName = 'versions';

/** Checksums of the versions that were stored last, in base64 by set. */
const Kept = Type.Object({ mapping: Type.String(), sums: Type.Record(Type.String(), Type.String()) });
type Kept = Static<typeof Kept>;

/**
 * The versions of all objects that concern clients. They are in memory; checksums are kept through restarts, so that
 * afterwards only the parts of a set have to be read again in which something has changed.
 */
export class Versions {
  readonly #cursor: CoreContext['cursor'];
  /** The hash of the mapping that clients are read with: with another one, nothing is known. */
  readonly mapping: string;
  readonly #tables = new Map<string, VersionTable>();
  #kept: Kept | null = null;

  constructor(cursor: CoreContext['cursor'], mapping: string) {
    this.#cursor = cursor;
    this.mapping = mapping;
  }

  /** The table of a set, or null before its first pass since the start. */
  table(set: string): VersionTable | null {
    return this.#tables.get(set) ?? null;
  }

  /** Whether checksums or versions are known for a set. */
  async isKnown(set: string): Promise<boolean> {
    return this.#tables.has(set) || (await this.#stored()).sums[set] !== undefined;
  }

  /**
   * Takes over a table that was filled in a first pass, without the objects that may have changed since the checksums
   * were stored. Resolves to whether there are any.
   */
  async adopt(set: string, table: VersionTable): Promise<boolean> {
    const sums = parseSums((await this.#stored()).sums[set]);
    const parts = new Set<number>();
    for (const [part, sum] of table.checksums().entries()) if (sums?.[part] !== sum) parts.add(part);
    const changed = [...table.keysOf(parts)];
    for (const key of changed) table.remove(key);
    this.#tables.set(set, table);
    return changed.length > 0;
  }

  /** Takes over a table as it is. */
  set(set: string, table: VersionTable): void {
    this.#tables.set(set, table);
  }

  /** Stores the checksums, if they have changed. */
  async save(): Promise<void> {
    const before = await this.#stored();
    const sums = { ...before.sums };
    for (const [set, table] of this.#tables) sums[set] = Buffer.from(table.checksums().buffer).toString('base64');
    const kept = { mapping: this.mapping, sums };
    if (JSON.stringify(kept) === JSON.stringify(before)) return;
    await this.#cursor.set(cursorName, JSON.stringify(kept));
    this.#kept = kept;
  }

  async #stored(): Promise<Kept> {
    if (this.#kept === null) {
      const stored = parseJson((await this.#cursor.get(cursorName)) ?? '');
      const isOurs = Value.Check(Kept, stored) && stored.mapping === this.mapping;
      this.#kept = isOurs ? stored : { mapping: this.mapping, sums: {} };
    }
    return this.#kept;
  }
}

function parseSums(text: string | undefined): Uint32Array | null {
  const bytes = Buffer.from(text ?? '', 'base64');
  if (bytes.byteLength !== checksumCount * 4) return null;
  return Uint32Array.from({ length: checksumCount }, (_, part) => bytes.readUInt32LE(part * 4));
}

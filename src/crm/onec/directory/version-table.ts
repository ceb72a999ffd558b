/** How many checksums a table has. */
export const checksumCount = 512;

/** Slots of an empty table, and how full a table may get. */
const leastSlots = 1024;
const fullest = 0.6;

/** 32-bit numbers of a reference. */
const width = 4;

/**
 * The versions of many objects by reference, in some 40 bytes each, whatever their number. It tells which objects have
 * changed, and which are missing in a pass over all of them.
 */
export class VersionTable {
  #slots = leastSlots;
  #used = 0;
  #keys = new Uint32Array(leastSlots * width);
  #versions = new Uint32Array(leastSlots);
  /** The pass in which an object was met last; 0 for a slot without one. */
  #passes = new Uint32Array(leastSlots);
  /** Whether a slot was ever used, since removed objects keep theirs until the table grows. */
  #taken = new Uint8Array(leastSlots);
  #pass = 1;
  #size = 0;

  /** Number of objects. */
  get size(): number {
    return this.#size;
  }

  /** Begins a pass over all objects. */
  begin(): void {
    this.#pass += 1;
  }

  /** Notes that an object was met in this pass. Resolves to whether it is known in this version. */
  meet(key: string, version: string): boolean {
    const slot = this.#find(key);
    if (this.#passes[slot] === 0) return false;
    this.#passes[slot] = this.#pass;
    return this.#versions[slot] === hashOf(version);
  }

  /** Stores the version of an object. */
  put(key: string, version: string): void {
    if (this.#used >= this.#slots * fullest) this.#grow();
    this.#set(this.#find(key), numbersOf(key), hashOf(version), this.#pass);
  }

  has(key: string): boolean {
    return this.#passes[this.#find(key)] !== 0;
  }

  remove(key: string): void {
    const slot = this.#find(key);
    if (this.#passes[slot] === 0) return;
    this.#passes[slot] = 0;
    this.#size -= 1;
  }

  /** Up to `limit` of the objects that were not met in this pass. */
  unmet(limit: number): readonly string[] {
    const keys: string[] = [];
    for (const slot of this.#present()) {
      if (keys.length >= limit) break;
      if (this.#passes[slot] !== this.#pass) keys.push(this.#keyAt(slot));
    }
    return keys;
  }

  /** One checksum for each part of the objects, which changes if any object of the part does. */
  checksums(): Uint32Array {
    const sums = new Uint32Array(checksumCount);
    for (const slot of this.#present()) {
      const part = this.#partAt(slot);
      const own = mixed((this.#versions[slot] ?? 0) ^ this.#startOf(this.#numbersAt(slot)));
      sums[part] = ((sums[part] ?? 0) + own) >>> 0;
    }
    return sums;
  }

  /** The objects of some parts. */
  *keysOf(parts: ReadonlySet<number>): Generator<string> {
    for (const slot of this.#present()) if (parts.has(this.#partAt(slot))) yield this.#keyAt(slot);
  }

  *#present(): Generator<number> {
    for (let slot = 0; slot < this.#slots; slot += 1) if (this.#passes[slot] !== 0) yield slot;
  }

  /** The slot of a key, or the free one where it belongs. */
  #find(key: string): number {
    const numbers = numbersOf(key);
    let slot = this.#startOf(numbers) % this.#slots;
    while (this.#taken[slot] === 1 && !this.#isAt(slot, numbers)) slot = (slot + 1) % this.#slots;
    return slot;
  }

  #set(slot: number, numbers: Uint32Array, version: number, pass: number): void {
    if (this.#taken[slot] === 0) this.#used += 1;
    if (this.#passes[slot] === 0) this.#size += 1;
    this.#taken[slot] = 1;
    this.#keys.set(numbers, slot * width);
    this.#versions[slot] = version;
    this.#passes[slot] = pass;
  }

  #grow(): void {
    const [keys, versions, passes, before] = [this.#keys, this.#versions, this.#passes, this.#slots];
    while (this.#size >= (this.#slots * fullest) / 2) this.#slots *= 2;
    this.#keys = new Uint32Array(this.#slots * width);
    this.#versions = new Uint32Array(this.#slots);
    this.#passes = new Uint32Array(this.#slots);
    this.#taken = new Uint8Array(this.#slots);
    [this.#used, this.#size] = [0, 0];
    for (let from = 0; from < before; from += 1) {
      const pass = passes[from] ?? 0;
      if (pass === 0) continue;
      const numbers = keys.subarray(from * width, (from + 1) * width);
      let slot = this.#startOf(numbers) % this.#slots;
      while (this.#taken[slot] === 1) slot = (slot + 1) % this.#slots;
      this.#set(slot, numbers, versions[from] ?? 0, pass);
    }
  }

  #isAt(slot: number, numbers: Uint32Array): boolean {
    return numbers.every((number, i) => this.#keys[slot * width + i] === number);
  }

  #numbersAt(slot: number): Uint32Array {
    return this.#keys.subarray(slot * width, (slot + 1) * width);
  }

  #startOf(numbers: Uint32Array): number {
    return numbers.reduce((hash, number) => mixed(hash ^ number), 0x9e3779b9);
  }

  #partAt(slot: number): number {
    return this.#startOf(this.#numbersAt(slot)) % checksumCount;
  }

  #keyAt(slot: number): string {
    const hex = [...this.#numbersAt(slot)].map((number) => number.toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}

/** The four numbers that a reference is. */
function numbersOf(key: string): Uint32Array {
  const hex = key.replaceAll('-', '');
  return Uint32Array.from([0, 8, 16, 24], (at) => Number.parseInt(hex.slice(at, at + 8), 16));
}

/** Spreads the bits of a number (the finaliser of MurmurHash3). */
function mixed(number: number): number {
  let bits = number;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

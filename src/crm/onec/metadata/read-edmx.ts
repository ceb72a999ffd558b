import { StringDecoder } from 'node:string_decoder';
import { Parser } from 'htmlparser2';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';

/** A property as `$metadata` describes it: its OData type, and the length of a text if it is limited. */
export type FoundProperty = readonly [type: string, maxLength: number | null];

/** Properties by name; those of a section as `Section/Property`. */
export type FoundProperties = Readonly<Record<string, FoundProperty>>;

/** What was read of `$metadata`. */
export interface FoundMetadata {
  /** The properties of the wanted sets that exist. */
  readonly objects: Readonly<Record<string, FoundProperties>>;
  /** Which of the sets that we only look for exist. */
  readonly marks: readonly string[];
}

/** What is wanted of `$metadata`, which describes thousands of sets. */
export interface WantedMetadata {
  /** Sets with their sections. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
  readonly marks: ReadonlySet<string>;
}

/** The metadata of the largest configurations has some 60 MB. */
const largest = 300 * 1024 * 1024;

/** Reads `$metadata` (EDMX) from a stream, and keeps only what is wanted. Rejects with a ServiceError if it is none. */
export async function readEdmx(stream: AsyncIterable<unknown>, wanted: WantedMetadata): Promise<FoundMetadata> {
  const reader = new EdmxReader(wanted);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      // The end of the document closes what is open: that is no proof that it was whole.
      onclosetag: (name, isImplied) => isImplied || reader.close(name),
    },
    { xmlMode: true },
  );
  const decoder = new StringDecoder('utf8');
  let size = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size > largest) throw new ServiceError('unknown', reason('answerTooLong', { service, bytes: largest }));
    parser.write(decoder.write(chunk));
  }
  parser.end(decoder.end());
  if (!reader.isWhole) throw new ServiceError('later', reason('metadataUnreadable', { service }));
  return reader.found;
}

/** Where the properties that follow belong to. */
interface Place {
  readonly set: string;
  readonly prefix: string;
}

class EdmxReader {
  readonly #places: ReadonlyMap<string, Place>;
  readonly #wanted: WantedMetadata;
  readonly #objects = new Map<string, Record<string, FoundProperty>>();
  readonly #marks = new Set<string>();
  #place: Place | null = null;
  /** Whether the end was reached: a document that was cut off must not look like missing attributes. */
  isWhole = false;

  constructor(wanted: WantedMetadata) {
    this.#wanted = wanted;
    this.#places = placesOf(wanted);
  }

  get found(): FoundMetadata {
    return { objects: Object.fromEntries(this.#objects), marks: [...this.#marks].toSorted() };
  }

  open(name: string, { Name = '', Type = '', MaxLength }: Readonly<Record<string, string | undefined>>): void {
    if (name === 'EntityType') this.#begin(Name, this.#wanted.sets.has(Name) ? { set: Name, prefix: '' } : null);
    else if (name === 'ComplexType') this.#begin(Name, this.#places.get(Name) ?? null);
    else if (name === 'Property' && this.#place !== null) {
      const length = MaxLength !== undefined && /^\d{1,9}$/.test(MaxLength) ? Number(MaxLength) : null;
      const properties = this.#objects.get(this.#place.set) ?? {};
      properties[`${this.#place.prefix}${Name}`] = [Type, length];
      this.#objects.set(this.#place.set, properties);
    }
  }

  close(name: string): void {
    if (name === 'EntityType' || name === 'ComplexType') this.#place = null;
    // Prefixes are the document's own choice.
    if (name.endsWith('Edmx')) this.isWhole = true;
  }

  #begin(name: string, place: Place | null): void {
    if (this.#wanted.marks.has(name)) this.#marks.add(name);
    this.#place = place;
  }
}

function placesOf({ sets }: WantedMetadata): ReadonlyMap<string, Place> {
  return new Map(
    [...sets].flatMap(([set, sections]) =>
      sections.map((section) => [`${set}_${section}_RowType`, { set, prefix: `${section}/` }] as const),
    ),
  );
}

import type { DirectorySource } from '../../../domain/directory/directory-source.ts';
import type { CallOptions } from '../api/base.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { OnecParts } from '../parts.ts';
import { checkKnown } from './check.ts';
import { lookUp } from './look-up.ts';
import { readAll } from './read-all.ts';
import { readChanges } from './read-changes.ts';
import type { Reading } from './reading.ts';
import { usualDirectory } from './settings.ts';
import { noteVersions } from './sweep.ts';
import { sweptSets } from './swept-sets.ts';
import { Versions } from './versions.ts';

/** A sweep takes at most one part in this many of the time, however slow the base is. */
const sweepShare = 4;

/** The cursor of the directory: versions are kept by themselves. */
const cursor = 'versions';

/** The base's partners, counterparties, contact persons and leads as our directory of clients. */
export function openDirectory(parts: OnecParts): Required<DirectorySource> {
  const { config, context, base, metadata, users, order, webUrl } = parts;
  const { known, clock } = context;
  const settings = config.directory ?? usualDirectory;
  let versions: Versions | null = null;
  let sweepAt = Number.NEGATIVE_INFINITY;

  async function open(options: CallOptions, mapping: Mapping): Promise<Reading> {
    return { base, mapping, order: await order(options.signal), settings, users, webUrl, options };
  }
  function versionsOf(): Versions {
    versions ??= new Versions(context.cursor, metadata.hash);
    if (versions.mapping !== metadata.hash) versions = new Versions(context.cursor, metadata.hash);
    return versions;
  }
  const background = (signal: AbortSignal): CallOptions => ({ signal, urgency: 'background' });
  return {
    async *readAll(signal, from) {
      const mapping = await metadata.mapping(signal);
      mapping.require('clients');
      try {
        const reading = await open(background(signal), mapping);
        // Before the clients, so that the first sweep finds what changes meanwhile.
        await noteVersions(reading, sweptSets(mapping), versionsOf());
        yield* readAll(from, reading);
        yield { clients: [], removed: [], cursor };
      } catch (error) {
        throw await metadata.explain(error, ['clients'], signal);
      }
    },
    async *readChanges(_cursor, signal) {
      if (clock.now() < sweepAt) return;
      const mapping = await metadata.mapping(signal);
      mapping.require('clients');
      const began = clock.now();
      try {
        const reading = await open(background(signal), mapping);
        yield* readChanges({ reading, sets: sweptSets(mapping), versions: versionsOf(), known });
      } catch (error) {
        throw await metadata.explain(error, ['clients'], signal);
      }
      sweepAt = clock.now() + (clock.now() - began) * (sweepShare - 1);
    },
    async check(clients, signal) {
      const mapping = await metadata.mapping(signal);
      mapping.require('clients');
      return checkKnown(clients, await open(background(signal), mapping), versionsOf());
    },
    lookUp: (identifier, signal) =>
      metadata.using(signal, ['clients'], async (mapping) => {
        const reading = await open({ signal, urgency: 'live', timeout: settings.lookup }, mapping);
        return lookUp(identifier, reading, sweptSets(mapping), known);
      }),
  };
}

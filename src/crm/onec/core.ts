import type { DirectorySource } from '../../domain/directory/directory-source.ts';
import type { Connectable, CoreContext, CoreDefinition } from '../contract.ts';
import { connectable } from './connect/connectable.ts';
import { openDirectory } from './directory/directory.ts';
import { openParts } from './open-parts.ts';
import { type OnecConfig, OnecSchema } from './schema.ts';

/** An infobase of 1C:Enterprise by its standard OData interface; see readme.md in this folder. */
export const onec: CoreDefinition<OnecConfig> = {
  kind: 'onec',
  schema: OnecSchema,
  wants: [],
  directory: true,
  create: createOnec,
};

function createOnec(config: OnecConfig, context: CoreContext): Required<DirectorySource> & Connectable {
  const parts = openParts(config, context);
  return { ...connectable(parts), ...openDirectory(parts) };
}

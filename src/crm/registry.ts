import { Value } from 'typebox/value';
import { entryOf } from '../domain/base/entry-of.ts';
import { bitrix24 } from './bitrix24/core.ts';
import type { CoreContext, CoreDefinition, CrmCore } from './contract.ts';
import { itoolabs } from './itoolabs/core.ts';
import { webhook } from './webhook/core.ts';

/** A CRM core as the registry holds it. */
export type RegisteredCore = CoreDefinition<never>;

/** CRM cores by kind. */
export type CoreKinds = Readonly<Record<string, RegisteredCore>>;

/** All kinds of CRM cores. A new one needs a folder and a line here. */
export const coreKinds: CoreKinds = {
  bitrix24,
  itoolabs,
  webhook,
};

/**
 * The definition of the kind named in a core's settings. Throws an error for the administrator if there is none or
 * the settings are invalid.
 */
export function coreKind(kinds: CoreKinds, name: string, settings: { readonly kind: string }): RegisteredCore {
  const definition = entryOf(kinds, settings.kind);
  if (definition === undefined) {
    const known = Object.keys(kinds).join(', ');
    throw new Error(`destinations.${name}.kind: expected one of ${known}, got "${settings.kind}"`);
  }
  const [problem] = Value.Errors(definition.schema, settings);
  if (problem !== undefined)
    throw new Error(`destinations.${name}${problem.instancePath.replaceAll('/', '.')}: ${problem.message}`);
  return definition;
}

/** Whether a core keeps secrets in the vault, by settings that {@link coreKind} has checked. */
export function keepsSecrets(kind: RegisteredCore, settings: { readonly kind: string }): boolean {
  return kind.keepsSecrets?.(settings as never) ?? false;
}

/** Creates a core from settings that {@link coreKind} has checked. */
export function createCore(kind: RegisteredCore, settings: { readonly kind: string }, context: CoreContext): CrmCore {
  return kind.create(settings as never, context);
}

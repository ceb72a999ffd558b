import type { AttemptResult, Destination } from '../../domain/delivery/destination.ts';
import type { DirectorySource } from '../../domain/directory/directory-source.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { Connectable, CoreContext, CoreDefinition } from '../contract.ts';
import { connectable } from './connect/connectable.ts';
import { openDirectory } from './directory/directory.ts';
import { deliverInteraction } from './interactions/deliver-interaction.ts';
import { openKnown } from './interactions/known.ts';
import { openParts } from './open-parts.ts';
import { type OnecConfig, OnecSchema } from './schema.ts';

/** An infobase of 1C:Enterprise by its standard OData interface; see readme.md in this folder. */
export const onec: CoreDefinition<OnecConfig, 'interaction'> = {
  kind: 'onec',
  schema: OnecSchema,
  wants: ['interaction'],
  directory: true,
  create: createOnec,
};

function createOnec(
  config: OnecConfig,
  context: CoreContext,
): Destination<'interaction'> & Required<DirectorySource> & Connectable {
  const parts = openParts(config, context);
  const known = openKnown(parts.base, context);
  return {
    ...connectable(parts),
    ...openDirectory(parts),
    async deliver(subject, signal) {
      try {
        const { interaction: contact } = subject;
        const ledger = context.ledger(subject);
        const result = await deliverInteraction({ contact, ledger, parts, known, options: { signal } });
        // Later steps have replaced those that are still open.
        if (result.kind === 'done') await ledger.settleOpen(async () => ({ done: false }));
        return result;
      } catch (error) {
        return failed(asServiceError(error));
      }
    },
  };
}

/** A contact that the configuration refuses for good waits for a human; anything else is tried again. */
function failed({ trouble, reason, after }: ServiceError): AttemptResult {
  if (trouble === 'refused') return { kind: 'park', reason, status: null };
  return { kind: 'retry', reason, after, status: null };
}

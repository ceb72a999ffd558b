import type { AttemptResult, Destination } from '../../domain/delivery/destination.ts';
import type { DirectorySource } from '../../domain/directory/directory-source.ts';
import type { HookReceiver, HookRequest } from '../../domain/ports/hooks.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { Connectable, CoreContext, CoreDefinition } from '../contract.ts';
import { Accounts } from './accounts.ts';
import { openService } from './api.ts';
import { deliverCall } from './calls/deliver-call.ts';
import { connectable } from './connect.ts';
import { openDirectory } from './directory.ts';
import { CommandReceiver } from './receiver.ts';
import { type ItoolabsConfig, ItoolabsSchema } from './schema.ts';

/** A CRM to which we are a cloud PBX of the iTooLabs family, such as УНФ; see readme.md in this folder. */
export const itoolabs: CoreDefinition<ItoolabsConfig, 'interaction'> = {
  kind: 'itoolabs',
  schema: ItoolabsSchema,
  wants: ['interaction'],
  directory: true,
  create: createItoolabs,
};

function createItoolabs(
  config: ItoolabsConfig,
  context: CoreContext,
): Destination<'interaction'> & DirectorySource & HookReceiver & Connectable {
  const service = openService(config, context);
  const accounts = new Accounts(config, () => context.staff());
  const parts = { config, context, service, accounts };
  const receiver = new CommandReceiver(config.token, parts);
  return {
    ...connectable(parts),
    ...openDirectory(parts),
    receive: (request: HookRequest) => receiver.receive(request),
    async deliver(subject, signal) {
      const { interaction } = subject;
      // The protocol knows nothing but calls.
      if (interaction.channel !== 'call') return { kind: 'done', link: null };
      try {
        return await deliverCall(interaction, context.ledger(subject), parts, signal);
      } catch (error) {
        return failed(asServiceError(error));
      }
    },
  };
}

/** A request that the CRM refuses for good waits for a human; anything else is tried again. */
function failed({ trouble, reason, after }: ServiceError): AttemptResult {
  if (trouble === 'refused') return { kind: 'park', reason, status: null };
  return { kind: 'retry', reason, after, status: null };
}

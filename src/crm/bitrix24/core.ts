import type { AttemptResult, DeliverySubject, Destination } from '../../domain/delivery/destination.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { CoreContext, CoreDefinition } from '../contract.ts';
import { webhookAuthority } from './api/authority.ts';
import { PortalClient } from './api/client.ts';
import { deliverCall } from './calls/deliver-call.ts';
import { openCards } from './cards/cards.ts';
import type { Bitrix24Parts } from './parts.ts';
import { type Bitrix24Config, Bitrix24Schema } from './schema.ts';
import { openUsers } from './users/users.ts';
import { deliverWritten } from './written/deliver-written.ts';

/** A portal of Bitrix24, in the cloud or self-hosted; see readme.md in this folder. */
export const bitrix24: CoreDefinition<Bitrix24Config, 'interaction'> = {
  kind: 'bitrix24',
  schema: Bitrix24Schema,
  wants: ['interaction'],
  create: createBitrix24,
};

function createBitrix24(config: Bitrix24Config, context: CoreContext): Destination<'interaction'> {
  const http = new HttpClient(context.name, config, config.webhook ?? null);
  const portal = new PortalClient(http, webhookAuthority(config.webhook ?? ''));
  const users = openUsers(portal, () => context.clock.now(), config.users);
  const parts: Bitrix24Parts = { config, context, portal, http, users, cards: openCards(context.name) };
  return {
    async deliver(subject, signal) {
      try {
        return await deliver(subject, parts, signal);
      } catch (error) {
        return failed(asServiceError(error));
      }
    },
  };
}

function deliver(
  subject: DeliverySubject<'interaction'>,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const ledger = parts.context.ledger(subject);
  const { interaction } = subject;
  if (interaction.channel === 'call') return deliverCall(interaction, ledger, parts, signal);
  return deliverWritten(interaction, ledger, parts, signal);
}

/** A request that the portal refuses for good waits for a human; anything else is tried again. */
function failed({ trouble, reason, after }: ServiceError): AttemptResult {
  if (trouble === 'refused') return { kind: 'park', reason, status: null };
  return { kind: 'retry', reason, after, status: null };
}

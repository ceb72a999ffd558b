import type { AttemptResult, DeliverySubject, Destination } from '../../domain/delivery/destination.ts';
import type { DirectorySource } from '../../domain/directory/directory-source.ts';
import type { HookReceiver, HookRequest } from '../../domain/ports/hooks.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { Connectable, CoreContext, CoreDefinition } from '../contract.ts';
import { isPortalForm } from './back/call-back-form.ts';
import { deliverCall } from './calls/deliver-call.ts';
import { openCards } from './cards/cards.ts';
import { connectable } from './connect/connectable.ts';
import { openPortal } from './connect/open-portal.ts';
import { PortalReceiver } from './connect/receiver.ts';
import { eventAddress } from './connect/state.ts';
import { openDirectory } from './directory/directory.ts';
import { EventBinding } from './events/binding.ts';
import type { Bitrix24Parts } from './parts.ts';
import { HistoryTab, isForTab } from './placement/history-tab.ts';
import { type Bitrix24Config, Bitrix24Schema } from './schema.ts';
import { openUsers } from './users/users.ts';
import { deliverWritten } from './written/deliver-written.ts';

/** A portal of Bitrix24, in the cloud or self-hosted; see readme.md in this folder. */
export const bitrix24: CoreDefinition<Bitrix24Config, 'interaction'> = {
  kind: 'bitrix24',
  schema: Bitrix24Schema,
  wants: ['interaction'],
  directory: true,
  create: createBitrix24,
};

function createBitrix24(
  config: Bitrix24Config,
  context: CoreContext,
): Destination<'interaction'> & Required<DirectorySource> & Connectable & Partial<HookReceiver> {
  const http = new HttpClient(context.name, config, config.webhook ?? config.app?.portal ?? null);
  const { portal, portalAs, installed } = openPortal(config, http, context);
  const users = openUsers(portal, context, config.users);
  const parts: Bitrix24Parts = {
    config,
    context,
    portal,
    http,
    users,
    eventAddress: installed === null ? null : eventAddress(context.hookUrl, installed.app.clientSecret),
    cards: openCards(context.name),
  };
  const tab = installed === null ? null : new HistoryTab({ app: installed.app, parts, portalAs });
  const binding = new EventBinding(parts);
  const receiver =
    installed === null
      ? null
      : new PortalReceiver({ ...installed, parts, onInstalled: () => binding.ensure({ again: true }) });
  return {
    ...connectable(parts, installed),
    ...(receiver !== null && {
      receive: (request: HookRequest) => (tab !== null && isForTab(request) ? tab : receiver).receive(request),
    }),
    ...openDirectory(parts),
    async deliver(subject, signal) {
      if (installed !== null) binding.ensure();
      try {
        return await deliver(subject, parts, signal);
      } catch (error) {
        return failed(asServiceError(error));
      }
    },
  };
}

async function deliver(
  subject: DeliverySubject<'interaction'>,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const ledger = parts.context.ledger(subject);
  const { interaction } = subject;
  if (interaction.channel === 'call') return deliverCall(interaction, ledger, parts, signal);
  // The portal has it already.
  if (isPortalForm(interaction, parts.context.name)) return { kind: 'done', link: null };
  return deliverWritten(interaction, ledger, parts, signal);
}

/** A request that the portal refuses for good waits for a human; anything else is tried again. */
function failed({ trouble, reason, after }: ServiceError): AttemptResult {
  if (trouble === 'refused') return { kind: 'park', reason, status: null };
  return { kind: 'retry', reason, after, status: null };
}

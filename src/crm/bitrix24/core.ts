import type { AttemptResult, DeliverySubject, Destination } from '../../domain/delivery/destination.ts';
import type { LedgerStep } from '../../domain/delivery/ledger.ts';
import type { DirectorySource } from '../../domain/directory/directory-source.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { HookReceiver } from '../../domain/ports/hooks.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { Connectable, CoreContext, CoreDefinition, Polled } from '../contract.ts';
import type { Ledger, Settled } from '../ledger.ts';
import type { Comparable } from '../shared/compare/comparable.ts';
import { urgently } from './api/urgently.ts';
import { isPortalForm } from './back/call-back-form.ts';
import { deliverCall } from './calls/deliver-call.ts';
import { reportedOf } from './calls/reported.ts';
import { openCards } from './cards/open-cards.ts';
import { comparable } from './compare/comparable.ts';
import { connectable } from './connect/connectable.ts';
import { openHook } from './connect/hook.ts';
import { openPortal } from './connect/open-portal.ts';
import { eventAddress } from './connect/state.ts';
import { openDirectory } from './directory/directory.ts';
import { EventBinding } from './events/binding.ts';
import { eventPolling } from './events/polling.ts';
import { isPolled } from './events/way.ts';
import { ChatQueues } from './open-lines/chat-queues.ts';
import { deliverMessage } from './open-lines/deliver-message.ts';
import { LineTroubles } from './open-lines/line-troubles.ts';
import type { Bitrix24Parts } from './parts.ts';
import { type Bitrix24Config, Bitrix24Schema } from './schema.ts';
import { deliverTask } from './tasks/deliver-task.ts';
import { deliverLead } from './unknown/deliver-lead.ts';
import { openDictionary } from './unknown/dictionary.ts';
import { madeStep, settleStranger } from './unknown/stranger-cards.ts';
import { openUsers } from './users/users.ts';
import { correctCalls } from './written/correct-calls.ts';
import { deliverErasure } from './written/deliver-erasure.ts';
import { deliverWritten } from './written/deliver-written.ts';

/** A portal of Bitrix24, in the cloud or self-hosted; see readme.md in this folder. */
export const bitrix24: CoreDefinition<Bitrix24Config> = {
  kind: 'bitrix24',
  schema: Bitrix24Schema,
  wants: ['interaction', 'lead', 'task', 'client_erasure'],
  limitsRequests: true,
  directory: true,
  keepsSecrets: ({ app }) => app !== undefined,
  create: createBitrix24,
};

function createBitrix24(
  config: Bitrix24Config,
  context: CoreContext,
): Destination & Required<DirectorySource> & Connectable & Comparable & Partial<HookReceiver & Polled> {
  if (config.messages === 'openlines' && config.app === undefined)
    throw new Error(
      `destinations.${context.name}.messages: openlines needs a local application (\`app\`), since a portal does not let a webhook use Open Lines`,
    );
  const http = new HttpClient(context.name, config, config.webhook ?? config.app?.portal ?? null, 'pooled');
  const { portal, health, portalAs, installed } = openPortal(config, http, context);
  const address = installed?.app.portal ?? null;
  const atOnce = urgently(portal);
  const shared = {
    config,
    context,
    portal,
    http,
    // These are read rarely, and a call that rings may have to wait for them.
    users: openUsers(atOnce, context, config.users),
    dictionary: openDictionary(atOnce, () => context.clock.now()),
    polled: address !== null && isPolled(config, address, context.hookUrl),
    eventAddress: installed === null ? null : eventAddress(context.hookUrl, installed.app.clientSecret),
    chatQueues: new ChatQueues(),
    lineTroubles: new LineTroubles(health),
  };
  const parts = withCards(shared);
  const urgentParts = withCards({ ...shared, portal: atOnce });
  const binding = new EventBinding(parts);
  const onInstalled = () => binding.ensure({ again: true });
  return {
    ...connectable(parts, installed),
    ...comparable(parts),
    ...(installed !== null && openHook({ ...installed, parts, portalAs, onInstalled })),
    ...openDirectory(parts),
    ...(installed !== null &&
      parts.polled &&
      eventPolling({
        parts: urgentParts,
        binding,
        isInstalled: async () => (await installed.application.tokens()) !== null,
      })),
    async deliver(subject, signal, urgent = false) {
      if (installed !== null) binding.ensure();
      try {
        const own = urgent ? urgentParts : parts;
        const ledger = context.ledger(subject);
        const result = await deliver(subject, ledger, own, signal);
        // Later steps have replaced those that are still open.
        if (result.kind === 'done') await ledger.settleOpen((step) => leftOver(step, subject, own, signal));
        return result;
      } catch (error) {
        return failed(asServiceError(error));
      }
    },
  };
}

function withCards(shared: Omit<Bitrix24Parts, 'cards'>): Bitrix24Parts {
  return { ...shared, cards: openCards(shared) };
}

function deliver(
  subject: DeliverySubject,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  switch (subject.kind) {
    case 'interaction':
      return deliverInteraction(subject.interaction, ledger, parts, signal);
    case 'lead':
      return deliverLead(subject.lead, ledger, parts, signal);
    case 'task':
      return deliverTask(subject.task, ledger, parts, signal);
    case 'client_erasure':
      return deliverErasure(subject.client, parts, signal);
  }
}

/** What became of a step that nothing has to be repeated of. */
async function leftOver(
  step: LedgerStep,
  subject: DeliverySubject,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Settled> {
  return step.step === madeStep && subject.kind === 'interaction'
    ? settleStranger(subject.interaction, step, parts, signal)
    : { done: false };
}

async function deliverInteraction(
  interaction: Interaction,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  // The portal has it already.
  if (isPortalForm(interaction, parts.context.name)) return { kind: 'done', link: null };
  if (interaction.channel === 'message' && parts.config.messages === 'openlines') {
    const delivered = await deliverMessage(interaction, ledger, parts, signal);
    if (delivered !== null) return delivered;
  }
  if (interaction.channel !== 'call') return deliverWritten(interaction, ledger, parts, signal);
  const result = await deliverCall(interaction, ledger, parts, signal);
  const finished = [...reportedOf(await ledger.steps()).values()].flatMap((part) => part.finished?.result ?? []);
  await correctCalls(interaction, finished, ledger, parts, signal);
  return result;
}

/** A request that the portal refuses for good waits for a human; anything else is tried again. */
function failed({ trouble, reason, after }: ServiceError): AttemptResult {
  if (trouble === 'refused') return { kind: 'park', reason, status: null };
  return { kind: 'retry', reason, after, status: null };
}

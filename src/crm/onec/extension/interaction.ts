import { beginning } from '../../../domain/base/clean-text.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { type RemoteInteraction, type RemoteNotification, referencePattern } from './contract.ts';

/** What the base needs to know beside the interaction itself. */
export interface RemoteContext {
  /** The user of the manager who talked or is responsible, or null. */
  readonly user: string | null;
  /** The client's single open deal, or null. */
  readonly deal: string | null;
  /** In the language of the base. */
  readonly subject: string;
  readonly text: string;
  /** The address of the recording's player, or null. */
  readonly recording: string | null;
  /** Whether nobody has to do anything about it any more. */
  readonly considered: boolean;
}

/** An interaction as the extension takes it; null for one between colleagues, which the base does not keep. */
export function remoteInteraction(interaction: Interaction, context: RemoteContext): RemoteInteraction | null {
  const { id, revision, channel, direction, party, client, contact } = interaction;
  if (direction === 'internal') return null;
  return {
    id,
    revision,
    removed: interaction.mergedInto !== null,
    channel,
    direction,
    startedAt: wholeSeconds(interaction.startedAt),
    talkSeconds: interaction.talkSeconds,
    considered: context.considered,
    party: {
      name: cut(party.name, 300),
      phone: cut(party.phone ?? (party.raw === '' ? null : party.raw), 100),
      email: cut(party.email, 500),
    },
    client: reference(client?.id),
    contact: reference(contact?.id),
    deal: reference(context.deal),
    user: context.user,
    subject: beginning(context.subject, 1000),
    text: beginning(context.text, 100_000),
    recording: context.recording,
  };
}

/** Who is to see a call. */
export interface Receiver {
  readonly user: string | null;
  readonly extension: string | null;
}

/** A call as the extension shows it. `at`: when this happened, RFC 3339. */
export function remoteNotification(
  { id, party, client, contact, line }: Interaction,
  { user, extension }: Receiver,
  event: RemoteNotification['event'],
  at: string,
  deal: string | null = null,
): RemoteNotification {
  return {
    id,
    event,
    at: wholeSeconds(at),
    user,
    extension,
    phone: cut(party.phone ?? (party.raw === '' ? null : party.raw), 100),
    name: cut(contact?.name ?? client?.name ?? party.name, 300),
    line: cut(line?.label ?? null, 300),
    client: reference(client?.id),
    contact: reference(contact?.id),
    deal: reference(deal),
  };
}

/** An id of the base; null for clients that are not from it. */
function reference(id: string | null | undefined): string | null {
  return id !== null && id !== undefined && referencePattern.test(id) ? id : null;
}

function cut(text: string | null, max: number): string | null {
  return text === null ? null : beginning(text, max);
}

function wholeSeconds(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

import { routed } from '../../domain/call/call-route.ts';
import type { ExtensionPlace } from '../../domain/directory/extension-place.ts';
import type { OutboundContent, SendOutcome } from '../../domain/outbound/outbound.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { Write } from '../../domain/ports/writes.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/** Queues a command for the connection that has the call. The PBX is told only after this is committed. */
export async function queueCommand(
  { tables }: Work,
  { id, command, to, own, route, manager, expiresAt, at }: Extract<Write, { op: 'command' }>,
): Promise<Outcome> {
  const call = await tables.calls.live(command.interaction);
  if (call === null || call.endedAt !== null) return refuse('conflict', 'the call has already ended');
  const { connection } = call;
  const target = to === null ? null : extensionOn(connection, to);
  const extension = own === null ? null : extensionOn(connection, own);
  if (target === undefined) return refuse('conflict', 'the colleague has no extension on the PBX of the call');
  if (extension === undefined) return refuse('conflict', 'you have no extension on the PBX of the call');
  const content: OutboundContent = {
    manager,
    command: {
      ...command,
      call: [call.key, ...call.aliases],
      to: target,
      extension,
      problem: null,
    },
    to: { email: null, phone: null, account: null, name: null },
    subject: null,
    text: '',
    attachments: [],
    line: null,
    replyTo: null,
  };
  const queued = { state: 'due', attempts: 0, nextAt: at, expiresAt } as const;
  await tables.outbound.put({ id, connection, channel: 'command', ...queued, content });
  const interaction = route === undefined ? null : await tables.interactions.get(command.interaction);
  if (interaction === null || route === undefined) return [];
  const next = { ...routed(interaction, { route, responsible: null }), revision: interaction.revision + 1 };
  return [await save(tables, interaction, next, { at, ...(manager !== '' && { by: manager }), what: 'route' })];
}

/** The first of the extensions on a connection; undefined if there is none. */
function extensionOn(connection: string, places: readonly ExtensionPlace[]): string | undefined {
  return places.find((place) => place.connection === null || place.connection === connection)?.number;
}

/** The content of a queued command after an attempt, with the reason if it was not carried out. */
export function withOutcome(content: OutboundContent, outcome: SendOutcome): OutboundContent {
  const { command } = content;
  if (command === undefined) return content;
  return { ...content, command: { ...command, problem: outcome.kind === 'sent' ? null : outcome.reason } };
}

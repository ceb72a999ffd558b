import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { fields, number, parseJson } from '../../../runtime/http/fields.ts';
import { fingerprint } from '../api/origin.ts';
import type { Bitrix24Parts } from '../parts.ts';

type ChannelParts = Pick<Bitrix24Parts, 'config' | 'context'>;

/** What of ours an open line can take: a line of messages, or a connection whose messages have no line. */
export interface Channel {
  /** The id of the line, or the name of the connection. */
  readonly key: string;
  readonly label: string;
  /** The id of its connector in the portal. Each has its own, since a channel belongs to one open line. */
  readonly connector: string;
}

/** A channel, and the open line that takes it. */
export interface ConnectedChannel extends Channel {
  readonly line: number;
  /** Whether the configuration says so; otherwise somebody has chosen it in the portal. */
  readonly isSet: boolean;
}

/** The cursor with the open lines that were chosen in the portal, by channel. */
const chosenLines = 'open lines';

/** Everything that an open line can take. */
export function channelsOf({ config, context }: ChannelParts): readonly Channel[] {
  const lines = context.staff().lines.filter(({ channel }) => channel === 'message');
  const labels = new Map(lines.map(({ id, label }) => [id, label]));
  const connections = Object.keys(config.openLines).filter((key) => !labels.has(key));
  return [...labels, ...connections.map((key) => [key, key] as const)].map(([key, label]) => ({
    key,
    label,
    // Connectors of all applications of a portal share one list.
    connector: `patchbay_${fingerprint(`${config.app?.clientId} ${context.name} ${key}`, 12)}`,
  }));
}

/** The channels that are connected to an open line. */
export async function connectedChannels(parts: ChannelParts): Promise<readonly ConnectedChannel[]> {
  const chosen = await readChosen(parts);
  return channelsOf(parts).flatMap((channel) => {
    const { openLines } = parts.config;
    const isSet = Object.hasOwn(openLines, channel.key);
    const line = isSet ? openLines[channel.key] : chosen.get(channel.key);
    return line === undefined ? [] : [{ ...channel, line, isSet }];
  });
}

/** The channel that a message belongs to, if an open line takes it; null otherwise. */
export async function channelOf(
  { line, party }: Pick<Interaction, 'line' | 'party'>,
  parts: ChannelParts,
): Promise<ConnectedChannel | null> {
  const connected = await connectedChannels(parts);
  const of = (key: string | undefined) => connected.find((channel) => channel.key === key);
  return of(line?.id) ?? of(party.account?.connection) ?? null;
}

/** Stores the open line that somebody has chosen for a channel in the portal; null: none. */
export async function chooseLine(key: string, line: number | null, parts: ChannelParts): Promise<void> {
  await parts.context.lease.hold('open-lines', async () => {
    const chosen = new Map(await readChosen(parts));
    if (line === null) chosen.delete(key);
    else chosen.set(key, line);
    await parts.context.cursor.set(chosenLines, JSON.stringify(Object.fromEntries(chosen)));
  });
}

async function readChosen({ context }: ChannelParts): Promise<ReadonlyMap<string, number>> {
  const stored = fields(parseJson((await context.cursor.get(chosenLines)) ?? ''));
  return new Map(
    Object.entries(stored).flatMap(([key, value]) => {
      const line = number(value);
      return line === null ? [] : [[key, line] as const];
    }),
  );
}

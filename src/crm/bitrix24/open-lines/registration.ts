import type { Reason } from '../../../domain/base/reason.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { fields, list, number, parseJson, text } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import { answered } from '../api/rows.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { type Channel, type ConnectedChannel, channelsOf, connectedChannels } from './channels.ts';
import { iconOn } from './icon.ts';

/** The cursor with the connectors that were registered, so that those which are no longer wanted can be removed. */
const registered = 'open line connectors';
const colors = { active: '#2f7d5b', disabled: '#8d9a93' };

/** The address of the page that the portal shows as the settings of a channel; null for a webhook. */
export function channelPage({ eventAddress }: Pick<Bitrix24Parts, 'eventAddress'>): string | null {
  return eventAddress === null ? null : `${eventAddress}&page=channel`;
}

/**
 * Makes our lines channels of the portal's Open Lines, and connects those that are to be connected. Repeating it does no harm.
 * Without `messages: openlines` the channels are removed.
 */
export async function registerChannels(parts: Bitrix24Parts, signal: AbortSignal): Promise<void> {
  const wanted = parts.config.messages === 'openlines' ? channelsOf(parts) : [];
  const stored = list(parseJson((await parts.context.cursor.get(registered)) ?? '')).map(String);
  const ids = wanted.map(({ connector }) => connector);
  if (wanted.length === 0 && stored.length === 0) return;
  await parts.context.cursor.set(registered, JSON.stringify([...new Set([...stored, ...ids])]));
  for (const channel of wanted) await register(channel, parts, signal);
  for (const connector of stored.filter((one) => !ids.includes(one)))
    await parts.portal.call('imconnector.unregister', { ID: connector }, { signal });
  await parts.context.cursor.set(registered, JSON.stringify(ids));
  if (wanted.length > 0) await connectChannels(parts, signal);
}

/** Lets an open line take a channel. */
export async function connectChannel(
  channel: Channel,
  line: number,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  const { connector, label, key } = channel;
  const data = { ID: key, NAME: label };
  await parts.portal.call(
    'imconnector.connector.data.set',
    { CONNECTOR: connector, LINE: line, DATA: data },
    { signal },
  );
  await setActive(channel, line, 1, parts, signal);
  parts.lineTroubles.set(key, null);
}

/** Lets an open line take a channel no longer. */
export async function disconnectChannel(
  channel: Channel,
  line: number,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  await setActive(channel, line, 0, parts, signal);
  parts.lineTroubles.set(channel.key, null);
}

/** Finds out which of the connected channels no open line takes, and reports it. */
export async function examineChannels(
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly { readonly channel: ConnectedChannel; readonly state: ChannelState }[]> {
  const channels = await connectedChannels(parts);
  const found = [];
  for (const channel of channels) found.push({ channel, state: await stateOf(channel, parts, signal) });
  const troubles = found.filter(({ state }) => state !== 'active');
  parts.lineTroubles.replace(new Map(troubles.map(({ channel }) => [channel.key, inactive(channel)] as const)));
  return found;
}

/** Whether an open line takes a channel: `gone` if there is no such line or it is switched off, `idle` if it does not. */
export type ChannelState = 'active' | 'idle' | 'gone';

async function connectChannels(parts: Bitrix24Parts, signal: AbortSignal): Promise<void> {
  for (const { channel, state } of await examineChannels(parts, signal))
    if (state === 'idle') await connectChannel(channel, channel.line, parts, signal);
}

async function stateOf(
  { connector, line }: ConnectedChannel,
  { portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<ChannelState> {
  const only = { select: ['ID', 'ACTIVE'], filter: { ID: line } };
  const answers = await portal.batch(
    {
      lines: { method: 'imopenlines.config.list.get', parameters: { PARAMS: only } },
      status: { method: 'imconnector.status', parameters: { CONNECTOR: connector, LINE: line } },
    },
    { signal },
  );
  const found = list(answered(answers.lines).result).map(fields);
  if (!found.some(({ ID, ACTIVE }) => number(ID) === line && ACTIVE !== 'N')) return 'gone';
  return fields(answered(answers.status).result).STATUS === true ? 'active' : 'idle';
}

async function register({ connector, label }: Channel, parts: Bitrix24Parts, signal: AbortSignal): Promise<void> {
  const { result } = await parts.portal.call(
    'imconnector.register',
    {
      ID: connector,
      NAME: `Patchbay: ${label}`,
      ICON: iconOn(colors.active),
      ICON_DISABLED: iconOn(colors.disabled),
      PLACEMENT_HANDLER: channelPage(parts),
      // Messengers keep what was sent to them.
      EDIT_INTERNAL_MESSAGES: 'N',
      DEL_INTERNAL_MESSAGES: 'N',
      NEWSLETTER: 'N',
      // We put the operator's name before a message ourselves. Some portals keep CHAT_GROUP only together with this.
      NEED_SIGNATURE: 'N',
      CHAT_GROUP: 'N',
    },
    { signal },
  );
  const { error, error_description: said } = fields(result);
  if (result === true || fields(result).result === true) return;
  const code = text(error) ?? '';
  throw new ServiceError(
    'refused',
    reason('methodRefused', { service, error: code, said: text(said) ?? code }),
    null,
    code,
  );
}

async function setActive(
  { connector }: Channel,
  line: number,
  active: 0 | 1,
  { portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  await portal.call('imconnector.activate', { CONNECTOR: connector, LINE: line, ACTIVE: active }, { signal });
}

function inactive({ label, line }: ConnectedChannel): Reason {
  return reason('openLineInactive', { service, channel: label, line });
}

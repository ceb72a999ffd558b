import type { AmiSide } from './ami-side.ts';
import { type Channel, destOf, fieldsOf, type ScriptedChannels } from './scripted-channels.ts';

/** How a call goes that the gateway asked for; each step is waited for. */
export interface Outgoing {
  /** Whether the manager takes the telephone. */
  readonly taken: Promise<boolean>;
  /** Whether the client answers then. */
  readonly answered: () => Promise<boolean>;
  /** Resolves when the talk is over. */
  readonly over: () => Promise<void>;
}

interface Parts {
  readonly ami: AmiSide;
  readonly channels: ScriptedChannels;
  readonly outgoing: (call: { readonly extension: string; readonly number: string }) => Outgoing;
}

/**
 * Plays an Originate, told as Asterisk 22 tells it: the manager's telephone rings, and once it is taken it dials the client.
 * Null where it begins, else the words of the refusal.
 */
export function playOutgoing(action: ReadonlyMap<string, string>, parts: Parts): string | null {
  const extension = /^PJSIP\/(\w+)$/.exec(action.get('channel') ?? '')?.[1];
  const number = action.get('exten') ?? '';
  const uniqueid = action.get('channelid') ?? '';
  if (extension === undefined || !/^\d+$/.test(number)) return 'Extension does not exist.';
  if (uniqueid === '' || parts.channels.has(uniqueid)) return 'Originate Access Forbidden: uniqueid is taken';
  void play({ extension, number, uniqueid, actionId: action.get('actionid') ?? '' }, parts);
  return null;
}

interface Asked {
  readonly extension: string;
  readonly number: string;
  readonly uniqueid: string;
  readonly actionId: string;
}

async function play({ extension, number, uniqueid, actionId }: Asked, parts: Parts): Promise<void> {
  const { ami, channels } = parts;
  const script = parts.outgoing({ extension, number });
  // The caller id of the manager's own channel is whom it will be joined with.
  const asking = { endpoint: extension, number, exten: number, parent: null, state: 'Down', uniqueid } as const;
  const manager = channels.open(asking);
  manager.connected = number;
  ami.event('DialBegin', { ...destOf(manager), DialString: extension });
  channels.newState(manager, 'Ringing');
  channels.device(extension, 'RINGING');
  const taken = await script.taken;
  if (taken) channels.newState(manager, 'Up');
  ami.event('DialEnd', { ...destOf(manager), DialStatus: taken ? 'ANSWER' : 'NOANSWER' });
  const told = { Channel: manager.name, Context: 'patchbay-call', Exten: number, Uniqueid: uniqueid };
  const response = taken ? { Response: 'Success', Reason: 4 } : { Response: 'Failure', Reason: 3 };
  ami.event('OriginateResponse', { ActionID: actionId, ...response, ...told });
  if (!taken) return channels.hangUp(manager, 19);
  channels.device(extension, 'INUSE');
  await dialClient(manager, number, parts, script);
}

async function dialClient(manager: Channel, number: string, { ami, channels }: Parts, script: Outgoing): Promise<void> {
  const client = channels.open({ endpoint: 'trunk', number, exten: number, parent: manager, state: 'Down' });
  ami.event('DialBegin', { ...fieldsOf(manager), ...destOf(client), DialString: `${number}@trunk` });
  channels.newState(client, 'Ringing');
  const answered = await script.answered();
  if (answered) channels.newState(client, 'Up');
  const status = answered ? 'ANSWER' : 'NOANSWER';
  ami.event('DialEnd', { ...fieldsOf(manager), ...destOf(client), DialStatus: status });
  if (answered) {
    channels.join([client, manager]);
    await script.over();
    return channels.part(manager);
  }
  channels.hangUp(client, 19);
  channels.hangUp(manager, 19);
}

import type { AmiSide } from './ami-side.ts';
import { type Channel, destOf, fieldsOf, type ScriptedChannels } from './scripted-channels.ts';

/** Script of a call that the gateway originates. Each step waits for its promise. */
export interface Outgoing {
  /** Whether the manager answers the phone. */
  readonly taken: Promise<boolean>;
  /** Whether the client answers after that. */
  readonly answered: () => Promise<boolean>;
  /** Resolves when the conversation is over. */
  readonly over: () => Promise<void>;
}

interface Parts {
  readonly ami: AmiSide;
  readonly channels: ScriptedChannels;
  readonly outgoing: (call: { readonly extension: string; readonly number: string }) => Outgoing;
}

/**
 * Plays an Originate with the events of Asterisk 22: the manager's phone rings, and once the manager answers, the client is
 * dialled. Returns null, or the message of a refusal.
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

interface Originated {
  readonly extension: string;
  readonly number: string;
  readonly uniqueid: string;
  readonly actionId: string;
}

async function play({ extension, number, uniqueid, actionId }: Originated, parts: Parts): Promise<void> {
  const { ami, channels } = parts;
  const script = parts.outgoing({ extension, number });
  // The manager's channel has the client's number as its caller id.
  const asking = { endpoint: extension, number, exten: number, parent: null, state: 'Down', uniqueid } as const;
  const manager = channels.open(asking);
  manager.connected = number;
  ami.event('DialBegin', { ...destOf(manager), DialString: extension });
  channels.newState(manager, 'Ringing');
  channels.device(extension, 'RINGING');
  const taken = await script.taken;
  if (taken) channels.newState(manager, 'Up');
  ami.event('DialEnd', { ...destOf(manager), DialStatus: taken ? 'ANSWER' : 'NOANSWER' });
  const facts = { Channel: manager.name, Context: 'patchbay-call', Exten: number, Uniqueid: uniqueid };
  const response = taken ? { Response: 'Success', Reason: 4 } : { Response: 'Failure', Reason: 3 };
  ami.event('OriginateResponse', { ActionID: actionId, ...response, ...facts });
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

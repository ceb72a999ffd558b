import type { CallCommand } from '../../../domain/call/call-command.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { SendOutcome } from '../../../domain/outbound/outbound.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { AmiClient } from '../ami/client.ts';
import { AmiError } from '../ami/errors.ts';
import { dialable } from '../dialable.ts';
import type { AsteriskConfig } from '../schema.ts';
import type { LiveCall, LiveChannel, LiveLeg } from '../tracker/model.ts';
import { carriedOut, failed, outcomeOf } from './answers.ts';
import type { ChannelWatch } from './channel-watch.ts';
import { legOf, partyChannel, ringingChannel, talkingChannel } from './ends.ts';

/** What commands need of the connection. */
export interface ControlledPbx {
  readonly ami: Pick<AmiClient, 'action'>;
  readonly config: Pick<AsteriskConfig, 'dial' | 'callControl'>;
  readonly channels: Pick<ChannelWatch, 'appears'>;
}

/** Seconds for which the requester's own telephone rings. */
const ringSeconds = 15;
/** Cause of a normal hang-up (Q.850). */
const normalClearing = 16;
/** Names of channels that can stand in the arguments of an application: commas and parentheses would end them. */
const plainChannel = /^[A-Za-z0-9_.@:;/+-]{1,160}$/;

/**
 * Carries out a command on channels of the current call, found by the tracker. Nothing is remembered from an earlier moment: if the
 * telephone or the party has left meanwhile, the command fails.
 */
export async function controlCall(
  command: CallCommand,
  call: LiveCall | null,
  pbx: ControlledPbx,
): Promise<SendOutcome> {
  if (call === null || call.endedAt !== null) return failed(reason('callOver'));
  try {
    if (command.end === null)
      return command.action === 'pass_on'
        ? await passOnDeclined(call, command, pbx)
        : await hangUp([...call.parties], pbx);
    const leg = legOf(call, command.end);
    if (leg === null) return failed(reason('legOver'));
    return await actOn(leg, call, command, pbx);
  } catch (error) {
    if (error instanceof AmiError) return outcomeOf(error, command.action);
    throw error;
  }
}

async function actOn(leg: LiveLeg, call: LiveCall, command: CallCommand, pbx: ControlledPbx): Promise<SendOutcome> {
  switch (command.action) {
    case 'hang_up':
    // Asterisk connects the party with the colleague when the telephone that consults hangs up.
    case 'complete_transfer':
      return hangUp([...leg.channels], pbx);
    case 'pick_up':
      return pickUp(leg, command, pbx);
    case 'pass_on':
      return passOn(leg, call, command, pbx);
    case 'blind_transfer':
    case 'attended_transfer':
    case 'cancel_transfer':
    case 'park':
    case 'listen':
    case 'whisper': {
      const channel = talkingChannel(leg);
      if (channel === null) return failed(reason('notTalking', { extension: nameOf(leg) }));
      return actOnTalk(channel, call, command, pbx);
    }
  }
}

async function actOnTalk(
  channel: LiveChannel,
  call: LiveCall,
  command: CallCommand,
  pbx: ControlledPbx,
): Promise<SendOutcome> {
  const { ami, config } = pbx;
  switch (command.action) {
    case 'blind_transfer':
    case 'attended_transfer': {
      if (config.callControl === undefined) return failed(reason('transferUnset'));
      if (command.to === null || !dialable.test(command.to)) return failed(reason('callerWithoutExtension'));
      const place = { Channel: channel.name, Exten: command.to, Context: config.callControl.context };
      if (command.action === 'blind_transfer') {
        await ami.action('BlindTransfer', place);
        return carriedOut;
      }
      const dials = pbx.channels.appears(`Local/${place.Exten}@${place.Context}`);
      await ami.action('Atxfer', place);
      // Atxfer only plays the feature code to the bridge. Without the feature nothing happens, and Asterisk reports success all the same.
      return (await dials) ? carriedOut : failed(reason('consultSilent'));
    }
    case 'cancel_transfer':
      await ami.action('CancelAtxfer', { Channel: channel.name });
      return carriedOut;
    case 'park': {
      const party = partyChannel(call);
      if (party === null) return failed(reason('partyGone'));
      const lot = config.callControl?.parkingLot;
      await ami.action('Park', {
        Channel: party.name,
        TimeoutChannel: channel.name,
        ...(lot !== undefined && { Parkinglot: lot }),
      });
      return carriedOut;
    }
    case 'listen':
    case 'whisper':
      // E: ends with the call. q: without a beep or a spoken name. w: the colleague hears the supervisor.
      return ringOwn('ChanSpy', channel, command.action === 'whisper' ? ',qESw' : ',qES', command, pbx);
    default:
      return failed(reason('commandUnsupported'));
  }
}

async function hangUp(channels: readonly LiveChannel[], { ami }: ControlledPbx): Promise<SendOutcome> {
  if (channels.length === 0) return failed(reason('partyGone'));
  for (const { name } of channels) await ami.action('Hangup', { Channel: name, Cause: normalClearing });
  return carriedOut;
}

/** Takes the party away from a telephone that rings, and dials the colleague's in its place. */
async function passOn(leg: LiveLeg, call: LiveCall, command: CallCommand, pbx: ControlledPbx): Promise<SendOutcome> {
  if (ringingChannel(leg) === null) return failed(reason('notRinging', { extension: nameOf(leg) }));
  return redirect(call, command, pbx);
}

/** Takes the party from wherever the dialplan went after everybody declined, and dials the colleague's telephone. */
async function passOnDeclined(call: LiveCall, command: CallCommand, pbx: ControlledPbx): Promise<SendOutcome> {
  const next = call.legs.find((leg) => isHumanLeg(leg) && leg.endedAt === null);
  if (next !== undefined) return failed(reason('ringsElsewhere', { extension: nameOf(next) }));
  return redirect(call, command, pbx);
}

async function redirect(call: LiveCall, { to }: CallCommand, { ami, config }: ControlledPbx): Promise<SendOutcome> {
  if (config.callControl === undefined) return failed(reason('transferUnset'));
  if (to === null || !dialable.test(to)) return failed(reason('callerWithoutExtension'));
  const party = partyChannel(call);
  if (party === null) return failed(reason('partyGone'));
  await ami.action('Redirect', {
    Channel: party.name,
    Exten: to,
    Context: config.callControl.context,
    Priority: 1,
  });
  return carriedOut;
}

async function pickUp(leg: LiveLeg, command: CallCommand, pbx: ControlledPbx): Promise<SendOutcome> {
  const channel = ringingChannel(leg);
  if (channel === null) return failed(reason('notRinging', { extension: nameOf(leg) }));
  return ringOwn('PickupChan', channel, '', command, pbx);
}

/** Rings the requester's telephone, and runs an application on a channel of the call once it is answered. */
async function ringOwn(
  application: 'PickupChan' | 'ChanSpy',
  { name, end }: LiveChannel,
  options: string,
  { extension }: CallCommand,
  { ami, config }: ControlledPbx,
): Promise<SendOutcome> {
  if (extension === null || !dialable.test(extension)) return failed(reason('callerWithoutExtension'));
  if (!plainChannel.test(name)) return failed(reason('commandUnsupported'));
  await ami.action('Originate', {
    Channel: config.dial.replaceAll('{extension}', () => extension),
    Application: application,
    Data: `${name}${options}`,
    // The colleague's number, not the client's: with an outside number, this would look like a call to it.
    CallerID: dialable.test(end) ? end : extension,
    Timeout: ringSeconds * 1000,
    Async: true,
  });
  return carriedOut;
}

function nameOf({ extension, phone }: LiveLeg): string {
  return extension ?? phone ?? '';
}

import type { LabAmi } from './ami.ts';
import type { Asterisk } from './asterisk.ts';
import type { SippOffice } from './sipp.ts';

/** What a flow runs on. */
export interface FlowStage {
  readonly pbx: Asterisk;
  readonly office: SippOffice;
  /** Length of `pbx.ami.events` when the flow began; earlier events are ignored. */
  readonly since: number;
}

/** What happens in a flow, in terms of the domain: known beforehand, not measured. */
export interface FlowStory {
  readonly direction: 'inbound' | 'outbound' | 'internal';
  readonly from: string;
  readonly to: string;
  /** Extensions whose users talked to the outside (or to each other), in order. */
  readonly talked: readonly string[];
  /** The final state of the call, in terms of the domain. */
  readonly state: 'answered' | 'missed' | 'unanswered' | 'failed';
  readonly note?: string;
}

/** A call flow: plays to its end and returns its story. */
export type Flow = (stage: FlowStage) => Promise<FlowStory>;

/** The caller's number of most flows. */
export const client = '79990000001';

/** Waits until the channel of an endpoint rings or is up, and returns its name. */
export async function channelState(stage: FlowStage, endpoint: string, state: 'Ringing' | 'Up'): Promise<string> {
  const event = await stage.pbx.ami.waitFor(
    `${endpoint} ${state}`,
    (one) =>
      one.Event === 'Newstate' &&
      one.ChannelStateDesc === state &&
      (one.Channel ?? '').startsWith(`PJSIP/${endpoint}-`),
    20_000,
    stage.since,
  );
  return event.Channel ?? '';
}

/** Waits until that many channels have entered a bridge since the flow began (a talk has two). */
export async function bridged(stage: FlowStage, endpoint: string): Promise<string> {
  const event = await stage.pbx.ami.waitFor(
    `${endpoint} in a bridge`,
    (one) => one.Event === 'BridgeEnter' && (one.Channel ?? '').startsWith(`PJSIP/${endpoint}-`),
    20_000,
    stage.since,
  );
  return event.Channel ?? '';
}

/** Runs an AMI action and rejects unless it succeeded. */
export async function act(ami: LabAmi, fields: Readonly<Record<string, string>>): Promise<void> {
  const { response } = await ami.action(fields);
  if (response.Response !== 'Success') throw new Error(`${fields.Action} failed: ${response.Message}`);
}

/** Waits in a flow, as a person would talk or think. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

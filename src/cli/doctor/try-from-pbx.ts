import { randomUUID } from 'node:crypto';
import { doctorPlace, doctorVariables } from '../../connectors/asterisk/agi/doctor.ts';
import { AmiError } from '../../connectors/asterisk/ami/errors.ts';
import type { AmiMessage } from '../../connectors/asterisk/ami/message.ts';
import type { PbxSession } from './pbx-session.ts';

/** Result of the PBX's attempt to reach Patchbay. */
export interface Trial {
  readonly id: string;
  /** The PBX's message if it refused to start the attempt; else null. */
  readonly refused: string | null;
  /** Variables that its dialplan set; null for those not seen. */
  readonly url: string | null;
  readonly answer: string | null;
  readonly status: string | null;
  /** Hangup cause of the channel that tried; null if it did not hang up in time. */
  readonly cause: string | null;
  /** From the first step of the dialplan to its status, or to our time-out. */
  readonly milliseconds: number;
}

/** Asterisk allows two seconds to connect, the printed CURL way one. A host name with a second address may double that. */
const timeout = 8000;

/**
 * Makes the PBX run the printed context `patchbay-doctor` in a Local channel that nobody answers. No phone rings, and nothing is
 * added to the call record. An `Originate` straight to `AGI` would be shorter, but requires the `system` right, which Patchbay
 * should not have.
 */
export async function tryFromPbx({ client, events }: PbxSession): Promise<Trial> {
  const id = randomUUID();
  // Neither id may be a prefix of the other: Asterisk treats such ids as equal.
  const [dialling, trying] = [`patchbay-doctor-${id}-1`, `patchbay-doctor-${id}-2`];
  const seen = new Map<string, string>();
  let channel: string | null = null;
  let cause: string | null = null;
  let began: number | null = null;
  let done = () => {};
  const over = new Promise<void>((resolve) => {
    done = resolve;
  });
  const off = events.on('event', ({ name, fields }: AmiMessage) => {
    if (fields.Uniqueid !== trying) return;
    if (name === 'VarSet' && fields.Variable !== undefined) {
      began ??= performance.now();
      channel = fields.Channel ?? null;
      seen.set(fields.Variable, fields.Value ?? '');
    }
    if (name === 'Hangup') cause = fields.Cause ?? '';
    if (name === 'Hangup' || fields.Variable === doctorVariables.status) done();
  });
  const timer = setTimeout(done, timeout);
  let refused: string | null = null;
  try {
    await client.action('Originate', {
      Channel: `Local/${doctorPlace.extension}@${doctorPlace.context}/n`,
      ChannelId: dialling,
      OtherChannelId: trying,
      Application: 'Hangup',
      Timeout: timeout,
      Async: true,
      Variable: [`__${doctorVariables.id}=${id}`, 'CDR_PROP(disable)=1'],
    });
    await over;
  } catch (error) {
    if (!(error instanceof AmiError)) throw error;
    refused = error.response?.fields.Message ?? error.message;
  } finally {
    clearTimeout(timer);
    off();
  }
  const milliseconds = Math.round(performance.now() - (began ?? performance.now()));
  if (channel !== null && cause === null) await client.action('Hangup', { Channel: channel }).catch(() => undefined);
  const variableOf = (name: string) => seen.get(name) ?? null;
  const { url, answer, status } = doctorVariables;
  return {
    id,
    refused,
    url: variableOf(url),
    answer: variableOf(answer),
    status: variableOf(status),
    cause,
    milliseconds,
  };
}

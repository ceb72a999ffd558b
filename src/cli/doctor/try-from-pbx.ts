import { randomUUID } from 'node:crypto';
import { doctorPlace, doctorVariables } from '../../connectors/asterisk/agi/doctor.ts';
import { AmiError } from '../../connectors/asterisk/ami/errors.ts';
import type { AmiMessage } from '../../connectors/asterisk/ami/message.ts';
import type { PbxSession } from './pbx-session.ts';

/** How the PBX fared when it tried its way to us. */
export interface Trial {
  readonly id: string;
  /** Why the PBX did not even begin, in its words; else null. */
  readonly refused: string | null;
  /** What its dialplan set, as far as it was seen. */
  readonly url: string | null;
  readonly answer: string | null;
  readonly status: string | null;
  /** Hangup cause of the trying channel; null while it goes on. */
  readonly cause: string | null;
  /** From the dialplan's first step to its status, or to the giving up. */
  readonly milliseconds: number;
}

/** Asterisk gives a connection two seconds and the printed CURL way one; an address more may double it. */
const patience = 8000;

/**
 * Lets the PBX run the printed context `patchbay-doctor`: a Local channel that nobody answers, so that no telephone rings and the
 * call record stays as it is. `Originate` straight to `AGI` would be shorter, but takes the right `system`, which we don't want.
 */
export async function tryFromPbx({ client, events }: PbxSession): Promise<Trial> {
  const id = randomUUID();
  // Neither id may begin with the other: Asterisk takes such ids for the same.
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
  const timer = setTimeout(done, patience);
  let refused: string | null = null;
  try {
    await client.action('Originate', {
      Channel: `Local/${doctorPlace.extension}@${doctorPlace.context}/n`,
      ChannelId: dialling,
      OtherChannelId: trying,
      Application: 'Hangup',
      Timeout: patience,
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
  const told = (name: string) => seen.get(name) ?? null;
  const { url, answer, status } = doctorVariables;
  return { id, refused, url: told(url), answer: told(answer), status: told(status), cause, milliseconds };
}

import { appendFileSync } from 'node:fs';
import { sleep } from '../../runtime/sleep.ts';
import { askRoute } from './agi-side.ts';
import { AmiSide } from './ami-side.ts';
import { type RecordedAttempt, recordLine } from './call-record.ts';
import { type Channel, destOf, fieldsOf, ScriptedChannels } from './scripted-channels.ts';
import { type Outgoing, playOutgoing } from './scripted-outgoing.ts';

/** Script of one simulated call. Durations are milliseconds of simulated time. */
export interface CallScript {
  readonly from: string;
  readonly name: string;
  readonly did: string;
  readonly ringMs: number;
  /** 0 if nobody answers. */
  readonly talkMs: number;
}

/** Outcome of a simulated call. */
export interface CallRecordOfPbx {
  readonly linkedid: string;
  readonly answeredBy: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Options of {@link ScriptedPbx}. */
export interface ScriptedPbxOptions {
  readonly username: string;
  readonly secret: string;
  readonly extensions: readonly string[];
  /** Divides all durations: 10 plays ten minutes in one. */
  readonly speed: number;
  /** Extensions that the dialplan rings if the gateway does not answer; none by default. */
  readonly fallback?: readonly string[];
  /** Path of the call record (Master.csv); none is written by default. */
  readonly record?: string;
  /** Scripts a call that the gateway originates. By default the PBX does not know Originate. */
  readonly outgoing?: (call: { readonly extension: string; readonly number: string }) => Outgoing;
}

/**
 * A simulated PBX. Over real sockets, it sends AMI events in Asterisk's order and asks FastAGI questions; everything behind
 * these sockets is the real Patchbay.
 */
export class ScriptedPbx {
  readonly ami: AmiSide;
  readonly #channels: ScriptedChannels;
  readonly #options: ScriptedPbxOptions;

  constructor(options: ScriptedPbxOptions) {
    this.#options = options;
    const { extensions, outgoing } = options;
    this.ami = new AmiSide(options, {
      list: () => this.#channels.list(),
      devices: () =>
        extensions.map((extension) => ({
          Device: `PJSIP/${extension}`,
          State: this.#channels.busy(extension) ? 'INUSE' : 'NOT_INUSE',
        })),
      ...(outgoing !== undefined && {
        originate: (action) => playOutgoing(action, { ami: this.ami, channels: this.#channels, outgoing }),
      }),
    });
    this.#channels = new ScriptedChannels(extensions, (name, fields) => this.ami.event(name, fields));
  }

  /** Plays an inbound call from its first event to the last hang-up. */
  async inbound(script: CallScript, agiPort: number, signal: AbortSignal): Promise<CallRecordOfPbx> {
    const caller = this.#channels.open({
      endpoint: 'trunk',
      number: script.from,
      callerName: script.name,
      exten: script.did,
      parent: null,
      state: 'Ring',
    });
    const tried: string[] = [];
    const attempts: RecordedAttempt[] = [];
    let answeredBy: string | null = null;
    for (let attempt = 0; attempt < 3 && answeredBy === null && !signal.aborted; attempt += 1) {
      const variables = await askRoute({
        port: agiPort,
        channel: caller.name,
        uniqueid: caller.uniqueid,
        callerNumber: script.from,
        callerName: script.name,
        did: script.did,
        tried,
      });
      const extensions = dialled(variables.get('PATCHBAY_DIAL') ?? '', this.#options.fallback ?? [], tried);
      if (extensions.length === 0) break;
      tried.push(...extensions);
      const answers = script.talkMs > 0 && (attempt > 0 || script.ringMs < 15_000);
      const begun = Date.now();
      answeredBy = await this.#dial(caller, extensions, Math.min(script.ringMs, 20_000), answers, signal);
      const extension = answeredBy ?? extensions[0] ?? '';
      attempts.push({ extension, begun, ended: Date.now(), answered: answeredBy === null ? null : Date.now() });
    }
    if (answeredBy === null) this.#channels.hangUp(caller, 16);
    else {
      await this.#wait(script.talkMs, signal);
      this.#channels.part(caller);
    }
    const endedAt = Date.now();
    this.#record(caller, attempts, endedAt);
    return { linkedid: caller.linkedid, answeredBy, startedAt: caller.startedAt, endedAt };
  }

  /** Writes one line for each attempt after the hang-up, as cdr_csv does. */
  #record(caller: Channel, attempts: readonly RecordedAttempt[], endedAt: number): void {
    if (this.#options.record === undefined) return;
    const nobody = { extension: null, begun: caller.startedAt, ended: endedAt, answered: null };
    for (const attempt of attempts.length === 0 ? [nobody] : attempts) {
      const ended = attempt.answered === null ? attempt.ended : endedAt;
      appendFileSync(
        this.#options.record,
        recordLine(
          { ...attempt, ended },
          { ...caller, source: caller.number, did: caller.exten },
          this.#channels.next(),
        ),
      );
    }
  }

  async #dial(
    caller: Channel,
    extensions: readonly string[],
    ringMs: number,
    answers: boolean,
    signal: AbortSignal,
  ): Promise<string | null> {
    const free = extensions.filter((extension) => !this.#channels.busy(extension));
    const legs = free.map((extension) =>
      this.#channels.open({
        endpoint: extension,
        number: extension,
        exten: caller.exten,
        parent: caller,
        state: 'Down',
      }),
    );
    for (const leg of legs) {
      if (caller.number !== '') leg.connected = caller.number;
      this.ami.event('DialBegin', { ...fieldsOf(caller), ...destOf(leg), DialString: leg.number });
      this.#channels.newState(leg, 'Ringing');
      this.#channels.device(leg.number, 'RINGING');
    }
    await this.#wait(ringMs, signal);
    const [winner, ...others] = answers ? legs : [];
    for (const leg of winner === undefined ? legs : others) {
      this.ami.event('DialEnd', {
        ...fieldsOf(caller),
        ...destOf(leg),
        DialStatus: winner === undefined ? 'NOANSWER' : 'CANCEL',
      });
      this.#channels.hangUp(leg, winner === undefined ? 16 : 26);
    }
    if (winner === undefined) return null;
    this.#channels.newState(winner, 'Up');
    this.ami.event('DialEnd', { ...fieldsOf(caller), ...destOf(winner), DialStatus: 'ANSWER' });
    caller.connected = winner.number;
    this.#channels.newState(caller, 'Up');
    this.#channels.device(winner.number, 'INUSE');
    this.#channels.join([winner, caller]);
    return winner.number;
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return sleep(ms / this.#options.speed, signal);
  }
}

/** The extensions of a dial string. Without one, the dialplan rings its own fallback, once. */
function dialled(dial: string, fallback: readonly string[], tried: readonly string[]): readonly string[] {
  if (dial === '') return tried.length === 0 ? fallback : [];
  return dial.split('&').flatMap((part) => /^PJSIP\/(\w+)$/.exec(part)?.[1] ?? []);
}

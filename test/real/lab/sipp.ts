import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asterisk } from './asterisk.ts';
import { freeUdpPort, freeUdpRange } from './ports.ts';
import {
  type CallerBehaviour,
  callerScenario,
  type PhoneBehaviour,
  phoneScenario,
  registerScenario,
} from './sipp-xml.ts';

/** One call as SIPp saw it. Times in milliseconds since the epoch, `undefined` if that step did not happen. */
export interface SippCall {
  readonly callId: string;
  readonly invitedAt: number;
  readonly ringingAt: number | undefined;
  readonly answeredAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Last final status of the INVITE: 200, 486, 487, … */
  readonly status: number | undefined;
  /** Who ended it: this SIPp or the PBX. */
  readonly endedBy: 'sipp' | 'pbx' | undefined;
  /** From the first ringing to the answer or the end. */
  readonly ringSeconds: number | undefined;
  /** From the answer to the end; 0 when there was no answer. */
  readonly talkSeconds: number;
}

interface Line {
  readonly at: number;
  readonly sent: boolean;
  readonly callId: string;
  readonly cseq: string;
  readonly first: string;
}

function lines(file: string): Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const [, , stamp, direction, callId, cseq, first] = text.split('\t');
      if (stamp === undefined || callId === undefined || first === undefined) return [];
      return [
        {
          at: Math.round(Number(stamp) * 1000),
          sent: direction === 'S',
          callId,
          cseq: cseq ?? '',
          first: first.trim(),
        },
      ];
    });
}

function summarise(callId: string, seen: readonly Line[]): SippCall {
  const invite = (line: Line) => line.cseq.endsWith('INVITE');
  const status = (line: Line) =>
    invite(line) && line.first.startsWith('SIP/2.0 ') ? Number(line.first.slice(8, 11)) : 0;
  const invitedAt = seen.find((line) => line.first.startsWith('INVITE'))?.at ?? 0;
  const ringingAt = seen.find((line) => status(line) === 180)?.at;
  const answeredAt = seen.find((line) => status(line) === 200)?.at;
  const final = seen.findLast((line) => status(line) >= 200);
  const bye = seen.find((line) => line.first.startsWith('BYE') || line.first.startsWith('CANCEL'));
  const refusal = final !== undefined && status(final) >= 300 ? final : undefined;
  const ending = bye ?? refusal;
  const ringEnd = answeredAt ?? ending?.at;
  return {
    callId,
    invitedAt,
    ringingAt,
    answeredAt,
    endedAt: ending?.at,
    status: final === undefined ? undefined : status(final),
    endedBy: ending === undefined ? undefined : ending.sent ? 'sipp' : 'pbx',
    ringSeconds: ringingAt === undefined || ringEnd === undefined ? undefined : (ringEnd - ringingAt) / 1000,
    talkSeconds: answeredAt === undefined || ending === undefined ? 0 : (ending.at - answeredAt) / 1000,
  };
}

/** A running SIPp. It cannot outlive the test (parent-death signal). */
export class Sipp {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #shortFile: string;
  readonly #errorFile: string;
  readonly #exit: Promise<number | null>;
  #ended = false;

  private constructor(name: string, process: ChildProcess, base: string) {
    this.name = name;
    this.#process = process;
    this.#shortFile = `${base}.short`;
    this.#errorFile = `${base}.errors`;
    this.#exit = new Promise((resolve) =>
      process.once('exit', (code) => {
        this.#ended = true;
        resolve(code);
      }),
    );
  }

  /** Starts SIPp with a scenario. Resolves when it has bound its port. */
  static async start(options: {
    readonly name: string;
    readonly dir: string;
    readonly scenario: string;
    readonly ip: string;
    readonly port: number;
    readonly arguments: readonly string[];
  }): Promise<Sipp> {
    const dir = join(options.dir, 'sipp');
    mkdirSync(dir, { recursive: true });
    const base = join(dir, `${options.name}-${options.port}-${Date.now()}`);
    writeFileSync(`${base}.xml`, options.scenario);
    const media = await freeUdpRange(8);
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        'sipp',
        ...options.arguments,
        '-sf',
        `${base}.xml`,
        '-i',
        options.ip,
        '-p',
        String(options.port),
        '-mi',
        options.ip,
        '-mp',
        String(media),
        '-nostdin',
        '-trace_shortmsg',
        '-shortmessage_file',
        `${base}.short`,
        '-trace_err',
        '-error_file',
        `${base}.errors`,
        '-trace_msg',
        '-message_file',
        `${base}.messages`,
      ],
      { stdio: ['ignore', 'ignore', 'ignore'], cwd: dir },
    );
    const sipp = new Sipp(options.name, child, base);
    while (!holdsPort(options.port) && !sipp.#ended) await new Promise((resolve) => setTimeout(resolve, 10));
    return sipp;
  }

  /** The calls so far, from SIPp's own message log. Late messages for a phone that had the port before are ignored. */
  get calls(): readonly SippCall[] {
    const seen = lines(this.#shortFile);
    const begun = seen.filter((line) => line.first.startsWith('INVITE'));
    return [...new Set(begun.map((line) => line.callId))].map((callId) =>
      summarise(
        callId,
        seen.filter((line) => line.callId === callId),
      ),
    );
  }

  /** Error messages of SIPp. */
  get complaints(): string {
    return existsSync(this.#errorFile) ? readFileSync(this.#errorFile, 'utf8') : '';
  }

  /** Waits until SIPp has handled its calls. Rejects if a call deviated from the scenario. */
  async done(): Promise<SippCall> {
    const code = await this.#exit;
    const call = this.calls[0];
    if (code !== 0 || call === undefined) {
      throw new Error(
        `SIPp ${this.name} ended with ${code}, ${this.calls.length} calls: ${this.complaints.slice(0, 2000)}`,
      );
    }
    return call;
  }

  /** Waits for the end; rejects if SIPp failed. For dialogues that are not calls. */
  async exited(): Promise<void> {
    const code = await this.#exit;
    if (code !== 0) throw new Error(`SIPp ${this.name} ended with ${code}: ${this.complaints.slice(0, 2000)}`);
  }

  /** Kills SIPp. */
  async stop(): Promise<void> {
    if (!this.#ended) this.#process.kill('SIGKILL');
    await this.#exit;
  }
}

/** Whether a process is bound to the UDP port, according to the kernel's table. */
function holdsPort(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync('/proc/net/udp', 'utf8').includes(`:${hex} `);
}

/** The phones and the trunk of one laboratory PBX. `stopAll` ends everything started through it. */
export class SippOffice {
  readonly #pbx: Asterisk;
  readonly #running = new Set<Sipp>();
  /** Everything started so far, including what has ended. */
  readonly started: Sipp[] = [];

  constructor(pbx: Asterisk) {
    this.#pbx = pbx;
  }

  /** A phone of a static extension that behaves like this for all (or the first `calls`) calls. It replaces the extension's previous one. */
  phone(extension: string, behaviour: PhoneBehaviour, calls?: number): Promise<Sipp> {
    return this.#serve(`phone-${extension}`, '127.0.0.1', this.#pbx.phonePort(extension), behaviour, calls);
  }

  /** The called party of outgoing calls through the trunk. */
  trunk(behaviour: PhoneBehaviour, calls?: number): Promise<Sipp> {
    return this.#serve('trunk', '127.0.0.2', this.#pbx.trunkPort, behaviour, calls);
  }

  /** A phone or trunk that a test has configured itself, at its own address. It replaces the one before of this name. */
  further(
    name: string,
    { ip, port }: { readonly ip: string; readonly port: number },
    behaviour: PhoneBehaviour,
  ): Promise<Sipp> {
    return this.#serve(name, ip, port, behaviour);
  }

  /** A call from outside. `done()` of the result returns the caller's timings. */
  async callIn(behaviour: CallerBehaviour): Promise<Sipp> {
    return this.callFrom('127.0.0.2', behaviour);
  }

  /** A call from another trunk's address. */
  callFrom(ip: string, behaviour: CallerBehaviour): Promise<Sipp> {
    return this.#call('caller', ip, behaviour);
  }

  /** A call dialled on a phone (`from` is the extension). */
  async dial(behaviour: CallerBehaviour): Promise<Sipp> {
    return this.#call(`dial-${behaviour.from}`, '127.0.0.1', behaviour);
  }

  /** Registers device number `device` of extension 105, which has no static phone, and starts it. */
  async register(extension: string, behaviour: PhoneBehaviour, expiresSeconds = 3600, device = 1): Promise<Sipp> {
    const port = await freeUdpPort();
    await this.#registration(extension, port, expiresSeconds);
    const name = device === 1 ? `phone-${extension}` : `phone-${extension}-${device}`;
    return this.#serve(name, '127.0.0.1', port, behaviour);
  }

  /** Removes all registrations of the extension. */
  async unregister(extension: string): Promise<void> {
    await this.#registration(extension, await freeUdpPort(), 0);
  }

  /** Ends everything that still runs. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((sipp) => sipp.stop()));
    this.#running.clear();
  }

  async #registration(extension: string, port: number, expiresSeconds: number): Promise<void> {
    const registrar = await Sipp.start({
      name: `register-${extension}`,
      dir: this.#pbx.dir,
      scenario: registerScenario(extension, expiresSeconds),
      ip: '127.0.0.1',
      port,
      arguments: [`127.0.0.1:${this.#pbx.sipPort}`, '-m', '1'],
    });
    await registrar.exited();
  }

  async #serve(name: string, ip: string, port: number, behaviour: PhoneBehaviour, calls?: number): Promise<Sipp> {
    for (const other of this.#running) {
      if (other.name !== name) continue;
      await other.stop();
      this.#running.delete(other);
    }
    return this.#start({
      name,
      scenario: phoneScenario(behaviour),
      ip,
      port,
      arguments: ['-rtp_echo', ...(calls === undefined ? [] : ['-m', String(calls)])],
    });
  }

  async #call(name: string, ip: string, behaviour: CallerBehaviour): Promise<Sipp> {
    return this.#start({
      name,
      scenario: callerScenario(behaviour),
      ip,
      port: await freeUdpPort(),
      arguments: [`127.0.0.1:${this.#pbx.sipPort}`, '-m', '1', '-timeout', '90s', '-timeout_error'],
    });
  }

  async #start(options: Omit<Parameters<typeof Sipp.start>[0], 'dir'>): Promise<Sipp> {
    const sipp = await Sipp.start({ ...options, dir: this.#pbx.dir });
    this.#running.add(sipp);
    this.started.push(sipp);
    return sipp;
  }
}

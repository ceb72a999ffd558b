import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { Gateway } from '../test/real/crash/gateway.ts';
import { keptRows } from '../test/real/crash/kept.ts';
import { Asterisk } from '../test/real/lab/asterisk.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { printedConfig } from '../test/real/lab/printed.ts';
import { processorOf, processorOfFamily } from './processor.ts';
import { type BenchResult, result } from './result.ts';
import { runStream, type Stream, type StreamCount, startPhone } from './sipp-stream.ts';

/** Calls that are up at any moment. */
const concurrent = 200;
/** Calls per second that are tried, and seconds of each trial. */
const rates = [10, 20, 40, 60, 80, 100, 125, 150, 200];
const trial = 15;
/** The rate to play at, if it is known already; else it is found by trials. */
const knownRate = process.env.PATCHBAY_LOAD_RATE === undefined ? null : Number(process.env.PATCHBAY_LOAD_RATE);
/** Minutes at the highest rate that Asterisk sustained. */
const minutes = Number(process.env.PATCHBAY_LOAD_MINUTES ?? 10);
/** Shares of the calls: the others are answered. */
const shares = { busy: 0.1, abandoned: 0.1 };

const numbers = { answered: '74950000031', busy: '74950000032', abandoned: '74950000033' } as const;
type Course = keyof typeof numbers;
/** The first digits of each course's callers. */
const callers: Readonly<Record<Course, string>> = { answered: '7910', busy: '7920', abandoned: '7930' };
const courses = Object.keys(callers) as Course[];
/** The last seven digits of the first caller. */
const firstNumber = 1_000_000;

const dialplan = `
[from-trunk](+)
exten => ${numbers.answered},1,Dial(PJSIP/101,60)
exten => ${numbers.busy},1,Dial(PJSIP/102,60)
exten => ${numbers.abandoned},1,Dial(PJSIP/103,60)
`;

/**
 * The gateway beside a real Asterisk with 200 calls at any moment, at the highest rate of calls that this machine's Asterisk sustains.
 * Throws unless every call is told exactly once, with the result that SIPp saw. Run `npm run build` first.
 */
export async function benchPbxLoad(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-load-'));
  const agiPort = await freeTcpPort();
  const printed = printedConfig(agiPort);
  const pbx = new Asterisk({
    version: '22',
    rtpPorts: 4 * concurrent * 2,
    extra: {
      ...printed,
      'extensions.conf': `${printed['extensions.conf'] ?? ''}${dialplan}`,
      'asterisk.conf': '[options]\nmaxfiles=20000\n',
      'logger.conf': '',
    },
  });
  const load = new Load(directory, pbx);
  try {
    await load.open(agiPort);
    const rate = knownRate ?? (await load.highestRate());
    const results = await load.run(rate);
    rmSync(directory, { recursive: true, force: true });
    return results;
  } catch (error) {
    process.stderr.write(`The store and the logs of the failed run are kept in ${directory}\n`);
    throw error;
  } finally {
    await load.close();
  }
}

type Phone = Awaited<ReturnType<typeof startPhone>>;

class Load {
  readonly #directory: string;
  readonly #pbx: Asterisk;
  readonly #store: string;
  readonly #phones: Phone[] = [];
  readonly #placed: Record<Course, number> = { answered: 0, busy: 0, abandoned: 0 };
  #gateway: Gateway | null = null;

  constructor(directory: string, pbx: Asterisk) {
    this.#directory = directory;
    this.#pbx = pbx;
    this.#store = `sqlite:${join(directory, 'load.db')}`;
  }

  async open(agiPort: number): Promise<void> {
    await this.#pbx.start();
    // The laboratory's own connection keeps every event, which would be millions here.
    await this.#pbx.ami.action({ Action: 'Events', EventMask: 'off' });
    const behaviours = {
      '101': { kind: 'answer', afterMs: 500 },
      '102': { kind: 'refuse', status: 486, afterMs: 500 },
      '103': { kind: 'ring' },
    } as const;
    for (const [extension, behaviour] of Object.entries(behaviours))
      this.#phones.push(
        await startPhone(this.#directory, `phone-${extension}`, this.#pbx.phonePort(extension), behaviour),
      );
    const httpPort = await freeTcpPort();
    const config = join(this.#directory, 'patchbay.yaml');
    const ami = { host: '127.0.0.1', port: this.#pbx.amiPort, username: 'patchbay', secret: 'lab-secret' };
    const settings = {
      http: { port: httpPort },
      store: { url: this.#store },
      blobs: { url: `file:${join(this.#directory, 'blobs')}` },
      managers: ['101', '102', '103'].map((one) => ({ id: `m${one}`, name: `Manager ${one}`, extensions: [one] })),
      lines: Object.entries(numbers).map(([id, address]) => ({ id, address })),
      connectors: {
        pbx: { kind: 'asterisk', timezone: 'UTC', ami, agi: { port: agiPort }, cdr: { csv: this.#pbx.cdrFile } },
      },
    };
    writeFileSync(config, stringify(settings));
    const url = `http://127.0.0.1:${httpPort}`;
    this.#gateway = new Gateway({ config, url, log: join(this.#directory, 'gateway.log') }, { cwd: this.#directory });
    this.#gateway.start();
    await this.#gateway.ready();
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) phone.kill('SIGKILL');
    await this.#gateway?.stop();
    await this.#pbx.dispose();
  }

  /** The highest of the rates at which SIPp sees no failed call. */
  async highestRate(): Promise<number> {
    let best = 0;
    for (const rate of rates) {
      const counts = await this.#play(rate, trial);
      if (Object.values(counts).some(({ failed }) => failed > 0)) {
        process.stderr.write(`at ${rate} calls per second some fail: ${JSON.stringify(counts)}\n`);
        break;
      }
      best = rate;
    }
    process.stderr.write(`${best} calls per second are sustained\n`);
    if (best === 0) throw new Error(`Asterisk does not sustain ${rates[0]} calls per second on this machine`);
    return best;
  }

  /** Plays calls for the set time at a rate, compares what was told with SIPp's counts, and measures the processors. */
  async run(rate: number): Promise<readonly BenchResult[]> {
    const gateway = this.#gateway;
    if (gateway === null) throw new Error('the load is not open');
    const first = { ...this.#placed };
    const used = () => ({ ours: processorOf(gateway.pid), theirs: processorOfFamily(this.#pbx.pid) });
    const before = used();
    const begun = performance.now();
    const counts = await this.#play(rate, minutes * 60);
    const after = used();
    const seconds = (performance.now() - begun) / 1000;
    const calls = Object.values(counts).reduce((sum, { created }) => sum + created, 0);
    const failed = Object.values(counts).reduce((sum, one) => sum + one.failed, 0);
    // Of calls that failed before the PBX saw them, nothing can be told.
    if (failed > 0) throw new Error(`SIPp saw ${failed} of ${calls} calls fail: ${JSON.stringify(counts)}`);
    const states = await this.#told(first);
    process.stderr.write(`${calls} calls in ${Math.round(seconds)} s at ${rate}/s; told: ${JSON.stringify(states)}\n`);
    const peer = `Asterisk's own processor time, ${concurrent} calls at any moment, ${rate} calls per second`;
    const perCall = (ms: number) => ms / calls;
    return [
      result(
        'processor per call of a real Asterisk',
        perCall(after.ours - before.ours),
        'ms',
        peer,
        perCall(after.theirs - before.theirs),
        '<= 0.2',
      ),
    ];
  }

  /** Plays all courses side by side for some seconds. Each course's share of the calls is placed at its own rate. */
  async #play(rate: number, seconds: number): Promise<Readonly<Record<Course, StreamCount>>> {
    const share = { ...shares, answered: 1 - shares.busy - shares.abandoned };
    const hold = Math.round((concurrent / rate) * 1000);
    const play = async (course: Course, ends: Pick<Stream, 'hangUpAfterMs' | 'cancelAfterMs' | 'refusals'>) => {
      const calls = Math.round(rate * share[course] * seconds);
      const firstCaller = firstNumber + this.#placed[course];
      this.#placed[course] += calls;
      const places = { name: course, to: numbers[course], prefix: callers[course], firstCaller };
      const stream = { ...places, rate: rate * share[course], calls, ...ends };
      return runStream(this.#directory, this.#pbx.sipPort, stream);
    };
    const [answered, busy, abandoned] = await Promise.all([
      play('answered', { hangUpAfterMs: hold, refusals: [] }),
      play('busy', { refusals: [486] }),
      play('abandoned', { cancelAfterMs: 1000, refusals: [] }),
    ]);
    return { answered, busy, abandoned };
  }

  /**
   * Waits until every call has ended in the store that was placed after the first ones; throws if one is missing, told twice or told
   * wrong.
   */
  async #told(first: Readonly<Record<Course, number>>): Promise<Readonly<Record<string, number>>> {
    const sum = (counts: Readonly<Record<Course, number>>) => counts.answered + counts.busy + counts.abandoned;
    const placed = sum(this.#placed) - sum(first);
    const deadline = Date.now() + 60_000;
    for (;;) {
      const all = await keptRows<Told>(
        this.#store,
        'SELECT phone, state, count(*) AS n FROM interactions WHERE NOT live GROUP BY phone, state',
      );
      const rows = all.filter(({ phone }) => Number(phone.slice(5)) >= firstNumber + first[courseOf(phone)]);
      const told = rows.reduce((count, { n }) => count + n, 0);
      if (told < placed && Date.now() < deadline) {
        await pause(200);
        continue;
      }
      const wrong = rows.filter(
        ({ phone, state, n }) => n !== 1 || state !== (courseOf(phone) === 'answered' ? 'answered' : 'missed'),
      );
      if (told !== placed || wrong.length > 0)
        throw new Error(`${placed} calls were placed, ${told} told; wrong: ${JSON.stringify(wrong.slice(0, 5))}`);
      return Object.fromEntries(
        ['answered', 'missed'].map((state) => [state, rows.filter((row) => row.state === state).length]),
      );
    }
  }
}

/** Calls of one caller with one result. */
interface Told {
  readonly phone: string;
  readonly state: string;
  readonly n: number;
}

/** The course of a caller's calls. */
function courseOf(phone: string): Course {
  const course = courses.find((one) => phone.startsWith(`+${callers[one]}`));
  if (course === undefined) throw new Error('a call was told that nobody placed');
  return course;
}

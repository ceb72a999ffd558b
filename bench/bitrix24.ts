import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import type { ContactEvent } from '../src/domain/interaction/contact-event.ts';
import { BenchOffice, clientLetter, clients, endedCall, ringingCall, toldCall } from './bitrix24-office.ts';
import type { KeptRequest, PortalOrder, PortalReport } from './bitrix24-portal.ts';
import { type BenchResult, median, result } from './result.ts';
import { until, waitingFor } from './waiting.ts';

const megabyte = 1_000_000;
const concurrencies = [4, 16];
/** What is delivered without a limit of requests. */
const kinds: readonly { readonly name: string; readonly count: number; readonly event: (i: number) => ContactEvent }[] =
  [
    { name: 'finished calls', count: 3000, event: toldCall },
    { name: 'letters', count: 2000, event: clientLetter },
  ];
const backlog = 100_000;
/**
 * Limits of requests, seconds between two calls that ring, and their number. The first is a hundredfold of what a portal
 * takes in the long run and tenfold at once, so that much of the backlog is delivered; the second is a portal's own.
 */
const limits = [
  { perSecond: 200, burst: 500, every: 1, calls: 60 },
  { perSecond: 2, burst: 50, every: 5, calls: 12 },
];
/** The largest delay from the ring to the registration, in milliseconds. */
const mostDelay = 2000;

/**
 * Deliveries to a scripted portal in a process of its own: their rate beside a bare loop that repeats the same requests, and
 * the delay of calls that ring while a backlog is delivered within the portal's limit.
 */
export async function benchBitrix24(): Promise<readonly BenchResult[]> {
  process.stderr.write(`load: ${loadavg()[0]?.toFixed(1)}\n`);
  const results: BenchResult[] = [];
  for (const { name, count, event } of kinds)
    for (const concurrency of concurrencies) results.push(await rateOf(name, count, event, concurrency));
  const office = await BenchOffice.open();
  try {
    await office.owe(backlog, toldCall);
    for (const limit of limits) results.push(...(await liveBesideBacklog(office, limit)));
  } finally {
    await office.close();
  }
  process.stderr.write(`load: ${loadavg()[0]?.toFixed(1)}\n`);
  return results;
}

async function rateOf(
  name: string,
  count: number,
  event: (i: number) => ContactEvent,
  concurrency: number,
): Promise<BenchResult> {
  const office = await BenchOffice.open();
  const [first, second] = [
    await PortalProcess.start({ rate: 'off', keepRequests: true }),
    await PortalProcess.start({ rate: 'off', keepRequests: false }),
  ];
  try {
    await office.owe(count, event);
    const deliveries = office.deliveries(first.webhook, { limits: { perSecond: 0 }, concurrency });
    const began = performance.now();
    deliveries.start();
    await until(`the last of ${count} ${name}`, () => (deliveries.counts()[0]?.counts.done ?? 0) >= count);
    const took = performance.now() - began;
    await deliveries.stop();
    const { requests, taken } = await first.report();
    if (taken !== count) throw new Error(`expected ${count} ${name} in the portal, found ${taken}`);
    const ours = requests.length / took;
    const bare = requests.length / (await repeated(requests, second.webhook, concurrency));
    const each = (requests.length / count).toFixed(1);
    const title = `Bitrix24: requests for ${name} (${each} each), ${concurrency} at once`;
    return result(title, ours * 1000, '1/s', 'the same POSTs in a loop, nothing kept', bare * 1000, '>= 0.7');
  } finally {
    first.end();
    second.end();
    await office.close();
  }
}

/** Milliseconds in which a bare loop makes the same requests. */
async function repeated(requests: readonly KeptRequest[], webhook: string, concurrency: number): Promise<number> {
  const { origin } = new URL(webhook);
  const dispatcher = new Agent({ connections: concurrency });
  const left = requests.values();
  const lane = async () => {
    for (const { path, body } of left) {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const answer = await request(`${origin}${path}`, { method: 'POST', headers, body, dispatcher });
      JSON.parse(await answer.body.text());
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, lane));
  const took = performance.now() - began;
  await dispatcher.close();
  return took;
}

async function liveBesideBacklog(
  office: BenchOffice,
  { perSecond, burst, every, calls }: (typeof limits)[number],
): Promise<readonly BenchResult[]> {
  const portal = await PortalProcess.start({ rate: { drain: perSecond, size: burst }, keepRequests: false });
  try {
    const deliveries = office.deliveries(portal.webhook, { limits: { perSecond, burst } });
    const done = () => deliveries.counts()[0]?.counts.done ?? 0;
    deliveries.start();
    // Our bucket begins full. A call that rings meanwhile would wait for it.
    await until('the bucket', () => done() > 0);
    const [memory, since, before] = [process.memoryUsage().rss, performance.now(), done()];
    const rangAt = await rung(office, () => deliveries.nudge(), perSecond, { every, calls });
    const rate = ((done() - before) / (performance.now() - since)) * 1000;
    const { rang, refused, highest } = await portal.report();
    const grown = process.memoryUsage().rss - memory;
    await deliveries.stop();
    const delays = [...rangAt].map(
      ([id, at]) => (rang.find((one) => one.id === id)?.at ?? Number.POSITIVE_INFINITY) - at,
    );
    const title = `Bitrix24, ${perSecond} requests a second, backlog of ${backlog}`;
    return [
      result(`${title}: delivered`, rate, '1/s', 'the limit of requests', perSecond, '~ 1 with the calls'),
      result(`${title}: ring to registration, p50`, median(delays), 'ms', 'limit', mostDelay, '< 1'),
      result(`${title}: ring to registration, p99`, rankOf(delays, 0.99), 'ms', 'limit', mostDelay, '< 1'),
      result(`${title}: ring to registration, max`, Math.max(...delays), 'ms', 'limit', mostDelay, '< 1'),
      result(`${title}: refused`, refused, 'requests', 'fullest of the bucket', highest, '0'),
      result(`${title}: memory grown`, grown / megabyte, 'MB', 'before', memory / megabyte, 'flat'),
    ];
  } finally {
    portal.end();
  }
}

/** Lets calls ring, one after the other, and end some seconds later. Returns when each rang. */
async function rung(
  office: BenchOffice,
  nudge: () => void,
  series: number,
  { every, calls }: { readonly every: number; readonly calls: number },
): Promise<ReadonlyMap<string, number>> {
  const rangAt = new Map<string, number>();
  const ends: Promise<void>[] = [];
  for (let i = 0; i < calls; i += 1) {
    const number = series * 1000 + i;
    const at = Date.now();
    rangAt.set(await office.apply([{ op: 'contact', event: ringingCall(number) }]), at);
    nudge();
    const end = async () => {
      await setTimeout(6000);
      await office.apply([{ op: 'contact', event: endedCall(number) }]);
      nudge();
    };
    ends.push(end());
    await setTimeout(every * 1000);
  }
  await Promise.all(ends);
  await setTimeout(mostDelay);
  return rangAt;
}

function rankOf(values: readonly number[], rank: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * rank)] ?? 0;
}

/** A portal in a process of its own. */
class PortalProcess {
  readonly webhook: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, webhook: string) {
    this.#process = process;
    this.webhook = webhook;
  }

  static async start(order: Omit<PortalOrder, 'clients'>): Promise<PortalProcess> {
    const process = fork(fileURLToPath(new URL('./bitrix24-portal.ts', import.meta.url)), [
      JSON.stringify({ ...order, clients }),
    ]);
    const [webhook] = (await waitingFor('the portal', once(process, 'message'))) as [string];
    return new PortalProcess(process, webhook);
  }

  async report(): Promise<PortalReport> {
    this.#process.send('report');
    const [report] = (await waitingFor("the portal's report", once(this.#process, 'message'))) as [PortalReport];
    return report;
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}

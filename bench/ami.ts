import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { AmiParser } from '../src/connectors/asterisk/ami/parser.ts';
import { Endpoints } from '../src/connectors/asterisk/endpoints/endpoints.ts';
import { CallTracker } from '../src/connectors/asterisk/tracker/call-tracker.ts';
import { spawnThread } from '../src/runtime/thread.ts';
import type { StreamData } from './ami-stream.ts';
import { type BenchResult, median, result } from './result.ts';

/** The part of asterisk-manager that the bench uses. */
interface PeerManager {
  on(event: 'managerevent', listener: () => void): void;
  disconnect(): void;
}
type Peer = new (port: number, host: string) => PeerManager;

const repeats = 20;
const rounds = 5;

/** AMI events per second of our parser, parser with tracker, the library `asterisk-manager`, and a socket that is only drained. */
export async function benchAmi(): Promise<readonly BenchResult[]> {
  const workerData: StreamData = { repeats, flows: new URL('../test/fixtures/ami/22/', import.meta.url).href };
  const pbx = spawnThread(import.meta.url, './ami-stream', { workerData });
  try {
    const [{ port, events }] = (await once(pbx, 'message')) as [{ port: number; events: number }];
    const ways = { drain, parser, tracked, peer: (at: number) => peer(at, events) };
    const took = { drain: [] as number[], parser: [] as number[], tracked: [] as number[], peer: [] as number[] };
    for (let round = -1; round < rounds; round += 1) {
      // Alternating, so that all run under the same conditions. The first round is a warm-up.
      for (const [name, way] of Object.entries(ways) as [keyof typeof ways, (port: number) => Promise<void>][]) {
        const since = performance.now();
        await way(port);
        if (round >= 0) took[name].push(performance.now() - since);
      }
    }
    const rate = (name: keyof typeof ways) => (events / median(took[name])) * 1000;
    const library = 'asterisk-manager';
    return [
      result('AMI events, parser', rate('parser'), '1/s', library, rate('peer'), '>= 4'),
      result('AMI events, parser and tracker', rate('tracked'), '1/s', library, rate('peer'), '>= 2.5'),
      result('AMI events, parser', rate('parser'), '1/s', 'bare socket drain', rate('drain'), 'the limit'),
    ];
  } finally {
    await pbx.terminate();
  }
}

function read(port: number, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', take);
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

function drain(port: number): Promise<void> {
  return read(port, () => undefined);
}

function parser(port: number): Promise<void> {
  const ami = new AmiParser({ onMessage: () => undefined });
  return read(port, (chunk) => ami.push(chunk));
}

function tracked(port: number): Promise<void> {
  const endpoints = new Endpoints({ extensions: '^\\d{3}$', trunks: [], devices: ['mikopbx', 'freepbx'] });
  const tracker = new CallTracker(
    { connection: 'pbx', endpoints, isLine: () => false, lingerMs: 1000, maxCalls: 20_000 },
    () => undefined,
  );
  let at = 0;
  const ami = new AmiParser({
    onMessage: ({ name, fields }) => {
      at += 1;
      tracker.handle(name, fields, at);
      if (at % 10_000 === 0) tracker.sweep(at);
    },
  });
  return read(port, (chunk) => ami.push(chunk));
}

/** The library does not expose its connection, so it is done when it has reported all events. */
function peer(port: number, events: number): Promise<void> {
  const Manager = createRequire(import.meta.url)('asterisk-manager') as Peer;
  return new Promise((resolve) => {
    const manager = new Manager(port, '127.0.0.1');
    let received = 0;
    manager.on('managerevent', () => {
      received += 1;
      if (received < events) return;
      manager.disconnect();
      resolve();
    });
  });
}

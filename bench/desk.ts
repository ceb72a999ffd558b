import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import { stringify } from 'yaml';
import { ScriptedPbx } from '../src/cli/demo/scripted-pbx.ts';
import { Gateway } from '../test/real/crash/gateway.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { logIn, openDesk, operator, seedStore } from '../test/support/desk-login.ts';
import { type BenchResult, median, result } from './result.ts';
import { waitingFor } from './waiting.ts';

const calls = 300;
const warmUp = 50;
/** Real time: phones ring for 20 s. A call that ended before its pop was sent would correctly be sent as an update. */
const speed = 1;

/**
 * Time from the PBX's event that a manager's phone rings to the frame with the card at the desk, through the built program and its
 * durable commit. Calls are made one after the other. Compared with the round trip of the same frame to a bare `ws` echo server.
 */
export async function benchDesk(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101'], speed, fallback: ['101'] });
  const httpPort = await freeTcpPort();
  const url = `http://127.0.0.1:${httpPort}`;
  const config = join(directory, 'patchbay.yaml');
  const store = `sqlite:${join(directory, 'desk.db')}`;
  writeFileSync(config, configuration(store, httpPort, await pbx.ami.listen()));
  await seedStore(store, [await operator('a', 'm')]);
  const gateway = new Gateway({ config, url, log: join(directory, 'log') });
  gateway.start();
  try {
    await gateway.ready();
    const desk = await openDesk(url, await logIn(url, 'a'));
    const { took, frame } = await popTimes(pbx, desk);
    desk.terminate();
    const echoed = await echoTimes(frame);
    const peer = 'bare ws echo of the same frame, there and back';
    return [
      result('AMI event to desk frame, median', median(took), 'ms', peer, median(echoed), 'none set'),
      result('AMI event to desk frame, p99', p99(took), 'ms', peer, p99(echoed), 'none set'),
    ];
  } finally {
    await gateway.stop();
    await pbx.ami.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function popTimes(pbx: ScriptedPbx, desk: WebSocket): Promise<{ took: number[]; frame: string }> {
  const took: number[] = [];
  let frame = '';
  let rangAt = 0;
  const send = pbx.ami.event.bind(pbx.ami);
  pbx.ami.event = (name, fields) => {
    if (name === 'DialBegin') rangAt = performance.now();
    send(name, fields);
  };
  for (let i = 0; i < calls; i += 1) {
    const popped = new Promise<void>((resolve) => {
      desk.on('message', function onMessage(data) {
        const text = String(data);
        if (!text.includes('"type":"pop"')) return;
        took.push(performance.now() - rangAt);
        frame = text;
        desk.off('message', onMessage);
        resolve();
      });
    });
    const script = { from: `7916${1_000_000 + i}`, name: 'Client', did: '74951200001', ringMs: 20_000, talkMs: 0 };
    const hangUp = new AbortController();
    const played = pbx.inbound(script, 1, hangUp.signal);
    await waitingFor(`the pop of call ${i + 1} at the desk`, popped);
    hangUp.abort();
    await played;
  }
  return { took: took.slice(warmUp), frame };
}

async function echoTimes(frame: string): Promise<readonly number[]> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
  await once(server, 'listening');
  const address = server.address();
  const socket = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  await once(socket, 'open');
  const took: number[] = [];
  for (let i = 0; i < calls; i += 1) {
    const since = performance.now();
    socket.send(frame);
    await once(socket, 'message');
    took.push(performance.now() - since);
  }
  socket.terminate();
  server.close();
  return took.slice(warmUp);
}

function p99(took: readonly number[]): number {
  return took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? 0;
}

function configuration(store: string, httpPort: number, amiPort: number): string {
  return stringify({
    http: { port: httpPort },
    store: { url: store },
    managers: [{ id: 'm', name: 'Manager', extensions: ['101'], user: 'a' }],
    lines: [{ id: 'main', channel: 'call', address: '74951200001', label: 'Main' }],
    connectors: {
      pbx: { kind: 'asterisk', ami: { host: '127.0.0.1', port: amiPort, username: 'pb', secret: 'pb' } },
    },
  });
}

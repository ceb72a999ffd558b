import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AmiClient } from '../../../../src/connectors/asterisk/ami/client.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';

describe('AMI client that comes back', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  /** The waits before the next `attempts` connections, each of which the PBX drops; none of them is waited out. */
  async function waits(random: () => number, attempts: number): Promise<readonly number[]> {
    const told: number[] = [];
    let enough = () => {};
    const done = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const client = new AmiClient(
      {
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        username: 'u',
        secret: 's',
        tls: false,
        eventMask: 'call',
        backoff: { min: 100, max: 3000 },
        random,
        wait: async (ms, signal) => {
          told.push(ms);
          if (told.length < attempts) return;
          enough();
          await once(signal, 'abort');
        },
        log: silentLogger,
      },
      { onEvent: () => {}, onReady: () => {}, onState: () => {} },
    );
    client.start();
    await done;
    await client.stop();
    return told;
  }

  it('waits longer each time, up to a limit', async () => {
    expect(await waits(() => 1 - Number.EPSILON, 8)).toEqual([200, 400, 800, 1600, 3000, 3000, 3000, 3000]);
  });

  it('comes back at another time than the other clients of a PBX that restarts, from the first time on', async () => {
    const [early, late] = await Promise.all([waits(() => 0.1, 8), waits(() => 0.7, 8)]);

    expect(early).toEqual([110, 130, 170, 250, 390, 390, 390, 390]);
    expect(late).toEqual([170, 310, 590, 1150, 2130, 2130, 2130, 2130]);
  });

  it('draws anew for each wait', async () => {
    const chances = [0.5, 0.2, 0.9, 0.4];
    const drawn = await waits(() => chances.shift() ?? 0, 4);

    expect(drawn).toEqual([150, 160, 730, 700]);
  });
});

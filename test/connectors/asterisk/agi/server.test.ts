import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AgiRequest, parseEnvironment, setVariable } from '../../../../src/connectors/asterisk/agi/request.ts';
import { type AgiHandler, AgiServer, type AgiServerOptions } from '../../../../src/connectors/asterisk/agi/server.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';

const environment = 'agi_network: yes\nagi_network_script: route?line=1\nagi_callerid: 79161234567\n\n';

/** A reset also counts as a close. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('FastAGI server', () => {
  let server: AgiServer | null = null;
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server?.stop();
    server = null;
  });

  async function begin(handler: AgiHandler, more: Partial<AgiServerOptions> = {}): Promise<number> {
    server = new AgiServer({ host: '127.0.0.1', port: 0, log: silentLogger, ...more }, handler);
    return server.start();
  }

  async function open(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  /**
   * Plays Asterisk: sends the environment, then answers one command after another. Like res_agi, it checks its socket before
   * each command, and data in its own buffer does not count: only new bytes or the end of the other side wake it.
   */
  async function play(port: number): Promise<string[]> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    const commands: string[] = [];
    let buffer = '';
    const take = () => {
      const end = buffer.indexOf('\n');
      if (end === -1) return false;
      commands.push(buffer.slice(0, end));
      buffer = buffer.slice(end + 1);
      socket.write('HANGUP\n200 result=1\n');
      return true;
    };
    socket.on('data', (text: string) => {
      buffer += text;
      take();
    });
    socket.on('end', () => {
      while (take());
      socket.end();
    });
    socket.write(environment);
    await closeOf(socket);
    return commands;
  }

  it('passes the request on and ends its side after the commands, so that Asterisk executes all of them', async () => {
    let seen: AgiRequest | null = null;
    const port = await begin((request) => {
      seen = request;
      return [setVariable('A', '1'), setVariable('B', '2')];
    });
    expect(await play(port)).toEqual(['SET VARIABLE A "1"', 'SET VARIABLE B "2"']);
    expect(seen).toMatchObject({ path: 'route', variables: { agi_callerid: '79161234567' } });
  });

  it('reads names in the charset of their trunk', async () => {
    const asked: AgiRequest[] = [];
    const port = await begin((request) => {
      asked.push(request);
      return [];
    });
    const socket = await open(port);
    const name = Buffer.from([0xce, 0xce, 0xce, 0x20, 0xcf, 0xf0, 0xe8, 0xec, 0xe5, 0xf0]);
    socket.write(Buffer.concat([Buffer.from('agi_network: yes\nagi_calleridname: '), name, Buffer.from('\n\n')]));
    await closeOf(socket);
    expect(asked[0]?.variables.agi_calleridname).toBe('ООО Пример');
  });

  it('reads the responses, so that closing does not reset a PBX that is still reading', async () => {
    const port = await begin(() => [setVariable('A', '1')]);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    let failed: Error | null = null;
    socket.on('error', (error) => {
      failed = error;
    });
    socket.resume();
    socket.write(environment);
    await once(socket, 'end');
    for (let i = 0; i < 100; i++) socket.write('200 result=1\n');
    socket.end();
    await closeOf(socket);
    expect(failed).toBeNull();
  });

  it('reads an environment that arrives byte by byte', async () => {
    let called = 0;
    const port = await begin(() => {
      called += 1;
      return [];
    });
    const socket = await open(port);
    const closed = closeOf(socket);
    for (const byte of environment) socket.write(byte);
    socket.resume();
    await closed;
    expect(called).toBe(1);
  });

  it.each([
    ['a TLS hello', Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an empty environment', '\n\n'],
    ['a line without a colon', 'agi_network yes\n\n'],
  ])('refuses %s', async (_, bytes) => {
    const port = await begin(() => expect.unreachable());
    const socket = await open(port);
    const closed = closeOf(socket);
    socket.write(bytes);
    socket.resume();
    await closed;
    expect(server?.stats).toMatchObject({ refused: 1, sessions: 0 });
  });

  it('rejects a header of a hundred megabytes after 64 kilobytes', async () => {
    const port = await begin(() => expect.unreachable());
    const socket = await open(port);
    const closed = closeOf(socket);
    socket.resume();
    const block = Buffer.alloc(1024 * 1024, 'a');
    socket.write('agi_network: ');
    let sent = 0;
    const more = () => {
      while (sent < 100 && !socket.destroyed) {
        sent += 1;
        if (!socket.write(block)) return void socket.once('drain', more);
      }
    };
    more();
    await closed;
    expect(sent).toBeLessThan(100);
    expect(server?.stats.refused).toBe(1);
  });

  it('answers callers despite thousands of idle connections', async () => {
    const port = await begin(() => ['NOOP\n'], { maxConnections: 500 });
    await Promise.all(Array.from({ length: 2000 }, () => open(port)));
    expect(await play(port)).toEqual(['NOOP']);
    // If more connections arrive at once than the kernel queues, they reach the server after their callers see them open.
    await vi.waitFor(() => expect(server?.stats.evicted).toBeGreaterThan(1000), { timeout: 20_000 });
  });

  it('survives a failing handler and a vanished caller', async () => {
    let asked = 0;
    const port = await begin(() => {
      asked += 1;
      if (asked === 1) throw new Error('a bug');
      return ['WAIT\n'];
    });
    expect(await play(port)).toEqual([]);
    const socket = await open(port);
    socket.once('data', () => socket.resetAndDestroy());
    socket.write(environment);
    await closeOf(socket);
    expect(await play(port)).toEqual(['WAIT']);
  });
});

describe('FastAGI values', () => {
  it('may be without a script, as for agi://host', () => {
    expect(parseEnvironment('agi_network: yes\nagi_callerid: 79161234567')).toMatchObject({ path: '' });
  });

  it('keeps colons in values', () => {
    const request = parseEnvironment('agi_network_script: route\nagi_calleridname: a: b:c');
    expect(request?.variables.agi_calleridname).toBe('a: b:c');
  });

  it('quotes values, and removes line breaks', () => {
    expect(setVariable('NAME', 'ООО "Ромашка" \\ x\r\nSET VARIABLE y "z"')).toBe(
      'SET VARIABLE NAME "ООО \\"Ромашка\\" \\\\ x SET VARIABLE y \\"z\\""\n',
    );
  });
});

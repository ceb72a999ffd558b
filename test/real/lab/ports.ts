import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const host = '127.0.0.1';

/** A TCP port on loopback that was free a moment ago. */
export function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => (address === null || typeof address === 'string' ? reject(address) : resolve(address.port)));
    });
  });
}

function tryUdp(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(undefined)));
    socket.bind(port, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}

/** Ports already given out in this process, so that two consecutive callers never get the same one. */
const given = new Set<number>();

/**
 * A UDP port that is free on every address. It lies below the ephemeral range as well: between this search and the start of the
 * program that it is for, any client could get a port of that range, and Asterisk then boots without SIP.
 */
export function freeUdpPort(): Promise<number> {
  return freeUdpRange(1);
}

/**
 * An even base with `size` free UDP ports after it, below the kernel's ephemeral range (32768 up), so that a
 * client's temporary port cannot collide. The position is random, because labs of two processes may search at the same time.
 */
export async function freeUdpRange(size: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const base = 10_000 + 2 * Math.floor((Math.random() * (22_000 - size)) / 2);
    const ports = Array.from({ length: size }, (_, index) => base + index);
    if (ports.some((port) => given.has(port))) continue;
    const free = await Promise.all(ports.map(tryUdp));
    if (free.every((port) => port !== undefined)) {
      for (const port of ports) given.add(port);
      return base;
    }
  }
  throw new Error(`no ${size} free UDP ports in a row between 10000 and 32000: close what uses them`);
}

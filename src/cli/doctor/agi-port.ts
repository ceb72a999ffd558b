import { connect } from 'node:net';
import { AllowedPeers } from '../../connectors/asterisk/agi/allowed-peers.ts';
import { doctorAnswer } from '../../connectors/asterisk/agi/doctor.ts';
import { AgiServer } from '../../connectors/asterisk/agi/server.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { silentLogger } from '../../runtime/log.ts';

/** The FastAGI port during the examination. */
export interface AgiPort {
  readonly finding: Pick<Finding, 'ok' | 'detail'>;
  close(): Promise<void>;
}

const timeout = 2000;

/** The FastAGI settings of a connection. */
export interface ConfiguredAgi {
  readonly host: string;
  readonly port: number;
  /** Allowed peers. */
  readonly allow: readonly string[];
}

/**
 * Makes sure that the FastAGI port answers `/doctor` during the examination. Either a running Patchbay listens on it, or this
 * function does, and answers in the same way.
 */
export async function holdAgiPort(connection: string, { host, port, allow }: ConfiguredAgi): Promise<AgiPort> {
  const peers = new AllowedPeers(allow);
  const server = new AgiServer({ host, port, peers, log: silentLogger }, (request) =>
    doctorAnswer(request, connection),
  );
  try {
    await server.start();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const finding =
      code === 'EADDRINUSE' ? await examineOwner(connection, { host, port, allow }) : cannotListen(host, port, code);
    return { finding, close: async () => {} };
  }
  const local = host === '127.0.0.1' ? '; only a PBX on this machine can reach it' : '';
  const detail = `Patchbay is not running; ${host}:${port} is free to listen on${local}; ${allowedPeers(allow)}`;
  return { finding: { ok: true, detail }, close: () => server.stop() };
}

function cannotListen(host: string, port: number, code = 'unknown'): AgiPort['finding'] {
  const why = code === 'EADDRNOTAVAIL' ? 'not an address of this machine' : code;
  return { ok: false, detail: `can't listen on ${host}:${port} (${why})` };
}

function allowedPeers(allow: readonly string[]): string {
  return `allowed peers: ${allow.join(', ')} (agi.allow)`;
}

async function examineOwner(connection: string, { host, port, allow }: ConfiguredAgi): Promise<AgiPort['finding']> {
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const reply = await askDoctor(here, port);
  if (reply.includes(`"here ${connection}"`))
    return { ok: true, detail: `Patchbay listens on ${host}:${port}; ${allowedPeers(allow)}` };
  const who =
    reply === ''
      ? 'a program that does not answer FastAGI requests from this machine (is loopback in agi.allow?)'
      : 'another connection or another program';
  return { ok: false, detail: `${host}:${port} is in use by ${who}; choose another agi.port or stop that program` };
}

/** Requests `/doctor` as a PBX would, and resolves with the reply; empty if there was none. */
function askDoctor(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(port, host);
    socket.setEncoding('utf8');
    socket.setTimeout(timeout, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (text: string) => {
      reply = (reply + text).slice(0, 1000);
    });
    socket.on('close', () => resolve(reply));
    socket.write('agi_network: yes\nagi_network_script: doctor?id=here\n\n');
  });
}

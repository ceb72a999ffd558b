import { connect } from 'node:net';
import { AllowedPeers } from '../../connectors/asterisk/agi/allowed-peers.ts';
import { doctorAnswer } from '../../connectors/asterisk/agi/doctor.ts';
import { AgiServer } from '../../connectors/asterisk/agi/server.ts';
import { silentLogger } from '../../runtime/log.ts';
import type { Finding } from './finding.ts';

/** The FastAGI port while it is examined. */
export interface AgiPort {
  readonly finding: Pick<Finding, 'ok' | 'detail'>;
  close(): Promise<void>;
}

const patience = 2000;

/** A connection's FastAGI as it is configured. */
export interface ConfiguredAgi {
  readonly host: string;
  readonly port: number;
  /** Who may ask. */
  readonly allow: readonly string[];
}

/** Holds the FastAGI port: a running Patchbay has it, or we take it for the time of the examination and answer `/doctor` as it would. */
export async function holdAgiPort(connection: string, { host, port, allow }: ConfiguredAgi): Promise<AgiPort> {
  const peers = new AllowedPeers(allow);
  const server = new AgiServer({ host, port, peers, log: silentLogger }, (request) =>
    doctorAnswer(request, connection),
  );
  try {
    await server.start();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const finding = code === 'EADDRINUSE' ? await whoHas(connection, { host, port, allow }) : cannot(host, port, code);
    return { finding, close: async () => {} };
  }
  const local = host === '127.0.0.1' ? '; only a PBX on this machine reaches it' : '';
  const detail = `Patchbay is not running; ${host}:${port} can be listened on${local}; ${askedBy(allow)}`;
  return { finding: { ok: true, detail }, close: () => server.stop() };
}

function cannot(host: string, port: number, code = 'unknown'): AgiPort['finding'] {
  const why = code === 'EADDRNOTAVAIL' ? 'no address of this machine' : code;
  return { ok: false, detail: `can't listen on ${host}:${port} (${why})` };
}

function askedBy(allow: readonly string[]): string {
  return `only ${allow.join(', ')} may ask (agi.allow)`;
}

async function whoHas(connection: string, { host, port, allow }: ConfiguredAgi): Promise<AgiPort['finding']> {
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const said = await askDoctor(here, port);
  if (said.includes(`"here ${connection}"`))
    return { ok: true, detail: `Patchbay listens on ${host}:${port}; ${askedBy(allow)}` };
  const who =
    said === ''
      ? 'something that does not answer FastAGI to this machine (does agi.allow have loopback?)'
      : 'another connection or another program';
  return { ok: false, detail: `${host}:${port} is taken by ${who}; choose another agi.port or end it` };
}

/** Asks `/doctor` as a PBX would; what came until the end, empty when nothing did. */
function askDoctor(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, host);
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (text: string) => {
      said = (said + text).slice(0, 1000);
    });
    socket.on('close', () => resolve(said));
    socket.write('agi_network: yes\nagi_network_script: doctor?id=here\n\n');
  });
}

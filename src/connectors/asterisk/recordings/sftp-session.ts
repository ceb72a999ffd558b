import type { ConnectConfig, SFTPWrapper } from 'ssh2';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { fingerprintOf, parseHostKey } from './host-key.ts';
import type { SftpRecordings } from './schema.ts';

/** A connection to an SFTP server. */
export interface SftpSession {
  readonly sftp: SFTPWrapper;
  /** Aborted when the connection is lost. */
  readonly lost: AbortSignal;
  end(): void;
}

/** Connects and logs in. The server's host key must be the configured one. */
export async function openSftp(settings: SftpRecordings): Promise<SftpSession> {
  // The library is large, and most installations mount their recordings.
  const { Client } = (await import('ssh2')).default;
  const client = new Client();
  const place = `${settings.host}:${settings.port}`;
  const expected = parseHostKey(settings.hostKey);
  let foreign: string | null = null;
  const verify = (key: Buffer): boolean => {
    if (expected?.matches(key) === true) return true;
    foreign = fingerprintOf(key);
    return false;
  };
  const lost = new AbortController();
  const options: ConnectConfig = {
    host: settings.host,
    port: settings.port,
    username: settings.username,
    ...(settings.password !== undefined && { password: settings.password }),
    ...(settings.privateKey !== undefined && { privateKey: settings.privateKey }),
    ...(settings.passphrase !== undefined && { passphrase: settings.passphrase }),
    ...(expected?.type != null && { algorithms: { serverHostKey: algorithmsOf(expected.type) as never } }),
    hostVerifier: verify,
    readyTimeout: settings.timeout * 1000,
    keepaliveInterval: 15_000,
  };
  try {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.on('error', reject);
      client.on('close', () => {
        lost.abort();
        reject(new Error('the connection was closed'));
      });
      client.on('ready', () => client.sftp((error, opened) => (error ? reject(error) : resolve(opened))));
      client.connect(options);
    });
    return { sftp, lost: lost.signal, end: () => void client.end() };
  } catch (error) {
    client.end();
    if (foreign !== null) throw new ServiceError('access', reason('sftpHostKeyUnknown', { place, found: foreign }));
    throw troubleOf(error, place, settings.username);
  }
}

function troubleOf(error: unknown, place: string, user: string): ServiceError {
  const level = error instanceof Error && 'level' in error ? error.level : null;
  if (level === 'client-authentication') return new ServiceError('access', reason('sftpLoginRefused', { place, user }));
  if (level === 'client-timeout') return new ServiceError('unreachable', reason('sftpSilent', { place }));
  const code = error instanceof Error && 'code' in error ? String(error.code).slice(0, 100) : null;
  return new ServiceError('unreachable', reason('sftpUnreachable', { place, said: code }));
}

/** The signature algorithms of a key type. */
function algorithmsOf(type: string): readonly string[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];
}

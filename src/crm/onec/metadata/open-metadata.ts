import type { Readable } from 'node:stream';
import type { HttpClient } from '../../../runtime/http/client.ts';
import type { Budget } from '../../shared/budget.ts';
import { basicAuthorization } from '../api/client.ts';

/** How to reach `$metadata`. */
export interface MetadataAddress {
  readonly http: HttpClient;
  readonly root: string;
  readonly username: string;
  readonly password: string;
  readonly sessions: Budget;
}

/** Opens `$metadata` as a stream: it has 15 MB and more. It takes one of our sessions until it has been read. */
export async function openMetadata(
  { http, root, username, password, sessions }: MetadataAddress,
  signal: AbortSignal,
): Promise<Readable> {
  const landed = await sessions.take('usual', signal);
  try {
    const headers = { authorization: basicAuthorization(username, password), accept: 'application/xml' };
    const stream = await http.open(`${root}$metadata`, headers, signal);
    stream.once('close', landed);
    return stream;
  } catch (error) {
    landed();
    throw error;
  }
}

import { AmiClient } from '../../connectors/asterisk/ami/client.ts';
import type { AmiMessage } from '../../connectors/asterisk/ami/message.ts';
import { eventMask } from '../../connectors/asterisk/events.ts';
import type { AsteriskConfig } from '../../connectors/asterisk/schema.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';
import { Emitter } from '../../runtime/emitter.ts';
import { silentLogger } from '../../runtime/log.ts';

/** An AMI session with a PBX during the examination. */
export interface PbxSession {
  readonly client: AmiClient;
  /** Events of the PBX during the session. */
  readonly events: Emitter<{ event: AmiMessage }>;
}

/** The login at the PBX failed. The message says why and what to do. */
export class PbxUnreachable extends Error {}

const timeout = 8000;

/** Logs in, runs `use` and logs out. Rejects with {@link PbxUnreachable} if the login fails. */
export async function withPbx<T>(ami: AsteriskConfig['ami'], use: (session: PbxSession) => Promise<T>): Promise<T> {
  const events: PbxSession['events'] = new Emitter(silentLogger);
  let client: AmiClient | null = null;
  try {
    const session = await new Promise<PbxSession>((resolve, reject) => {
      const fail = (reason: string) => reject(new PbxUnreachable(reason));
      setTimeout(() => fail(`no answer from ${ami.host}:${ami.port}`), timeout).unref();
      client = new AmiClient(
        {
          ...ami,
          tls: ami.tls === true ? {} : ami.tls === false ? false : { ...ami.tls },
          eventMask,
          log: silentLogger,
        },
        {
          onEvent: (event) => events.emit('event', event),
          onState: (health, reason) => {
            if (health === 'failed') fail(reason === null ? 'failed' : reasonText(reason));
          },
          onReady: (ready) => resolve({ client: ready, events }),
        },
      );
      client.start();
    });
    return await use(session);
  } finally {
    await (client as AmiClient | null)?.stop();
  }
}

import { AmiClient } from '../../connectors/asterisk/ami/client.ts';
import type { AmiMessage } from '../../connectors/asterisk/ami/message.ts';
import { eventMask } from '../../connectors/asterisk/events.ts';
import type { AsteriskConfig } from '../../connectors/asterisk/schema.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';
import { Emitter } from '../../runtime/emitter.ts';
import { silentLogger } from '../../runtime/log.ts';

/** One login at a PBX, as long as it is being examined. */
export interface PbxSession {
  readonly client: AmiClient;
  /** What the PBX tells meanwhile. */
  readonly events: Emitter<{ event: AmiMessage }>;
}

/** The PBX could not be logged in at; the message says why and what to do. */
export class PbxUnreachable extends Error {}

const patience = 8000;

/** Logs in, lets `use` look, and logs out. Rejects with {@link PbxUnreachable}. */
export async function withPbx<T>(ami: AsteriskConfig['ami'], use: (session: PbxSession) => Promise<T>): Promise<T> {
  const events: PbxSession['events'] = new Emitter(silentLogger);
  let client: AmiClient | null = null;
  try {
    const session = await new Promise<PbxSession>((resolve, reject) => {
      const fail = (reason: string) => reject(new PbxUnreachable(reason));
      setTimeout(() => fail(`no answer from ${ami.host}:${ami.port}`), patience).unref();
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

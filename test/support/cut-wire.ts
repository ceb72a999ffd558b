import { type WireTo, wireTo } from './wire-to.ts';

/** A proxy to PostgreSQL that breaks the connection once. */
export interface CutWire extends WireTo {
  readonly cuts: number;
}

/** `request`: the message never reaches the server. `answer`: the server carries it out, but its answer is lost. */
export type Lost = 'request' | 'answer';

/** Breaks at the first commit that follows one of our writes. */
export function cutAtCommit(url: string, lost: Lost): Promise<CutWire> {
  return cutWire(url, lost, () => {
    let writes = false;
    return (text) => {
      if (text.includes('"notes":[')) writes = true;
      return writes && text.includes('COMMIT\0');
    };
  });
}

/** Breaks at the first message that matches. `watch` makes a matcher for each connection. */
export async function cutWire(url: string, lost: Lost, watch: () => (text: string) => boolean): Promise<CutWire> {
  let cuts = 0;
  const wire = await wireTo(url, (near, far) => {
    const awaited = watch();
    let cutting = false;
    const cut = () => {
      cuts += 1;
      near.destroy();
      far.destroy();
    };
    near.on('data', (data) => {
      if (awaited(data.toString('latin1')) && cuts === 0) {
        if (lost === 'request') return cut();
        cutting = true;
      }
      far.write(data);
    });
    far.on('data', (data) => (cutting ? cut() : near.write(data)));
  });
  return {
    ...wire,
    get cuts() {
      return cuts;
    },
  };
}

import { type WireTo, wireTo } from './wire-to.ts';

/** A wire to a PostgreSQL that breaks once. */
export interface CutWire extends WireTo {
  readonly cuts: number;
}

/** `request`: what it is cut at never reaches the server. `answer`: it is carried out, and its answer is lost. */
export type Lost = 'request' | 'answer';

/** Cut when the first commit after a write of ours passes. */
export function cutAtCommit(url: string, lost: Lost): Promise<CutWire> {
  return cutWire(url, lost, () => {
    let writes = false;
    return (text) => {
      if (text.includes('"notes":[')) writes = true;
      return writes && text.includes('COMMIT\0');
    };
  });
}

/** Cut when something passes that the one who looks at a connection, made by `watch`, was waiting for. */
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

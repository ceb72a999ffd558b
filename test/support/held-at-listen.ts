import { type WireTo, wireTo } from './wire-to.ts';

/** A proxy to PostgreSQL that holds every LISTEN back until `letGo`. */
export interface HeldWire extends WireTo {
  /** Resolves when a LISTEN is being held back. */
  readonly waiting: Promise<void>;
  letGo(): void;
}

/** Starts the proxy. */
export async function heldAtListen(url: string): Promise<HeldWire> {
  const held: (() => void)[] = [];
  let holding = true;
  let someoneWaits: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    someoneWaits = resolve;
  });
  const wire = await wireTo(url, (near, far) => {
    near.on('data', (data) => {
      if (!holding || !data.toString('latin1').includes('LISTEN patchbay')) return void far.write(data);
      held.push(() => far.write(data));
      someoneWaits();
    });
    far.on('data', (data) => near.write(data));
  });
  return {
    ...wire,
    waiting,
    letGo() {
      holding = false;
      for (const go of held.splice(0)) go();
    },
  };
}

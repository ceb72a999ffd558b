import { type WireTo, wireTo } from './wire-to.ts';

/** A wire to a PostgreSQL on which whoever asks to LISTEN waits until let go. */
export interface HeldWire extends WireTo {
  /** Resolves when somebody waits. */
  readonly waiting: Promise<void>;
  letGo(): void;
}

/** Makes the wire. */
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

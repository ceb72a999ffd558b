import { entryOf } from '../../../domain/base/entry-of.ts';
import type { DeviceReport, DeviceState } from '../../../domain/call/device.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import { type Fields, text } from '../tracker/model.ts';

const STATES: Readonly<Record<string, DeviceState>> = {
  NOT_INUSE: 'idle',
  INUSE: 'in_use',
  // With `device_state_busy_at=1`, PJSIP reports a phone that rings or talks as busy.
  BUSY: 'in_use',
  ONHOLD: 'in_use',
  RINGING: 'ringing',
  RINGINUSE: 'in_use',
  UNAVAILABLE: 'unavailable',
  INVALID: 'unavailable',
};

/** States in order of precedence: an extension of which one device talks is in use, whatever the others do. */
const busiest: readonly DeviceState[] = ['in_use', 'ringing', 'idle', 'unavailable', 'unknown'];

/** States of custom devices that mean "off". */
const OFF: ReadonlySet<string> = new Set(['NOT_INUSE', 'UNKNOWN', 'INVALID', '']);

/**
 * Custom devices by which PBXs show that somebody does not want to be disturbed: `Custom:DND101` (FreePBX), and `Custom:101`
 * (MikoPBX, which adds it to the hint of each extension).
 */
const silence = /^Custom:(?:DND)?([^/]{1,64})$/;

interface Telephone {
  readonly devices: Map<string, DeviceState>;
  readonly pausedIn: Set<string>;
  isSilenced: boolean;
  reported: DeviceState | null;
}

/** Options of {@link Telephones}. */
export interface TelephonesOptions {
  readonly connection: string;
  readonly endpoints: Endpoints;
  readonly report: (report: DeviceReport) => void;
}

/**
 * The states of extensions, from their devices of any technology, do-not-disturb and pauses in queues. A state is reported when it
 * changes, and once after each connect.
 */
export class Telephones {
  readonly #options: TelephonesOptions;
  readonly #byExtension = new Map<string, Telephone>();

  constructor(options: TelephonesOptions) {
    this.#options = options;
  }

  /** Forgets everything, because another report of all devices follows. */
  clear(): void {
    this.#byExtension.clear();
  }

  /** Handles a DeviceStateChange event, or a row of DeviceStateList. */
  device(fields: Fields): void {
    const device = text(fields, 'Device');
    const state = text(fields, 'State');
    const { endpoints } = this.#options;
    const silenced = silence.exec(device)?.[1];
    if (silenced !== undefined) {
      if (endpoints.isExtension(silenced))
        this.#change(silenced, (telephone) => {
          telephone.isSilenced = !OFF.has(state);
        });
      return;
    }
    const { kind, extension } = endpoints.ofDevice(device);
    if (kind !== 'extension' || extension === null) return;
    this.#change(extension, ({ devices }) => devices.set(device, entryOf(STATES, state) ?? 'unknown'));
  }

  /** Records whether an extension is paused in a queue. */
  pause(extension: string, queue: string, isPaused: boolean): void {
    this.#change(extension, ({ pausedIn }) => {
      if (isPaused) pausedIn.add(queue);
      else pausedIn.delete(queue);
    });
  }

  #change(extension: string, change: (telephone: Telephone) => void): void {
    const telephone = this.#byExtension.get(extension) ?? {
      devices: new Map<string, DeviceState>(),
      pausedIn: new Set<string>(),
      isSilenced: false,
      reported: null,
    };
    this.#byExtension.set(extension, telephone);
    change(telephone);
    const state = stateOf(telephone);
    if (state === telephone.reported) return;
    telephone.reported = state;
    this.#options.report({ connection: this.#options.connection, extension, state });
  }
}

function stateOf({ devices, pausedIn, isSilenced }: Telephone): DeviceState {
  const states = [...devices.values()];
  const state = busiest.find((one) => states.includes(one)) ?? 'unknown';
  if (state === 'in_use' || state === 'ringing') return state;
  if (isSilenced) return 'dnd';
  return pausedIn.size > 0 && state === 'idle' ? 'paused' : state;
}

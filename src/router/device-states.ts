import type { DeviceReport, DeviceState } from '../domain/call/device.ts';

/** The last reported state of each telephone. One without a report is `unknown`, and is rung. */
export class DeviceStates {
  readonly #byConnection = new Map<string, Map<string, DeviceState>>();

  /** Takes reports; later ones replace earlier ones of the same telephone. */
  update(reports: readonly DeviceReport[]): void {
    for (const { connection, extension, state } of reports) {
      const own = this.#byConnection.get(connection) ?? new Map<string, DeviceState>();
      own.set(extension, state);
      this.#byConnection.set(connection, own);
    }
  }

  /** The state of an extension; without a connection, on the first one that knows it. */
  state(connection: string | null, extension: string): DeviceState {
    if (connection !== null) return this.#byConnection.get(connection)?.get(extension) ?? 'unknown';
    for (const own of this.#byConnection.values()) {
      const state = own.get(extension);
      if (state !== undefined) return state;
    }
    return 'unknown';
  }
}

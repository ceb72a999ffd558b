import type { DeviceReport, DeviceState } from '../domain/call/device.ts';

/** The last reported state of each telephone. Without a report, it is `unknown`, and the telephone is rung. */
export class DeviceStates {
  readonly #byConnection = new Map<string, Map<string, DeviceState>>();

  /** Stores reports. Later ones replace earlier ones of the same telephone. */
  update(reports: readonly DeviceReport[]): void {
    for (const { connection, extension, state } of reports) {
      const own = this.#byConnection.get(connection) ?? new Map<string, DeviceState>();
      own.set(extension, state);
      this.#byConnection.set(connection, own);
    }
  }

  /** The state of an extension. If no connection is given, the first one with a report counts. */
  state(connection: string | null, extension: string): DeviceState {
    if (connection !== null) return this.#byConnection.get(connection)?.get(extension) ?? 'unknown';
    for (const own of this.#byConnection.values()) {
      const state = own.get(extension);
      if (state !== undefined) return state;
    }
    return 'unknown';
  }
}

import type { Presence } from '../domain/call/device.ts';
import type { DeskSocket } from './desk-socket.ts';
import type { DeskAlarm, ServerMessage } from './protocol.ts';
import type { Viewer } from './viewer.ts';

/** All open pages with their viewers. */
export type OpenPages = ReadonlyMap<DeskSocket, Viewer>;

/** Sends a message to the pages whose viewers it concerns. */
export function broadcast(
  pages: OpenPages,
  message: ServerMessage,
  concerns: (viewer: Viewer) => boolean = () => true,
): void {
  if (pages.size === 0) return;
  const text = JSON.stringify(message);
  for (const [page, viewer] of pages) if (concerns(viewer)) page.sendText(text);
}

/** What all desks show alike: the states of telephones, and alarms. */
export class OfficeState {
  readonly #pages: OpenPages;
  #presence: readonly Presence[] = [];
  #alarms: readonly DeskAlarm[] = [];
  #supervisorAlarms: readonly DeskAlarm[] = [];

  constructor(pages: OpenPages) {
    this.#pages = pages;
  }

  /** Sends a new page the current state. */
  greet(page: DeskSocket, viewer: Viewer): void {
    if (this.#presence.length > 0) page.send({ type: 'presence', whole: true, managers: this.#presence });
    const alarms = this.#alarmsFor(viewer);
    if (alarms.length > 0) page.send({ type: 'alarm', alarms });
  }

  /**
   * Sends the states of telephones to every page: all of them if managers came or went, else only changes. Sending all of them
   * each time would grow with the square of the office.
   */
  setPresence(managers: readonly Presence[]): void {
    const before = this.#presence;
    this.#presence = managers;
    const hasSameManagers = managers.length === before.length && managers.every((one, i) => isOf(one, before[i]));
    if (!hasSameManagers) return broadcast(this.#pages, { type: 'presence', whole: true, managers });
    const changed = managers.filter(({ state }, i) => state !== before[i]?.state);
    if (changed.length > 0) broadcast(this.#pages, { type: 'presence', whole: false, managers: changed });
  }

  setAlarms(alarms: readonly DeskAlarm[]): void {
    this.#alarms = alarms;
    for (const [page, viewer] of this.#pages) page.send({ type: 'alarm', alarms: this.#alarmsFor(viewer) });
  }

  /** Sets the alarms that only supervisors and administrators get. */
  setSupervisorAlarms(alarms: readonly DeskAlarm[]): void {
    this.#supervisorAlarms = alarms;
    for (const [page, viewer] of this.#pages)
      if (viewer.supervises) page.send({ type: 'alarm', alarms: this.#alarmsFor(viewer) });
  }

  #alarmsFor({ supervises }: Viewer): readonly DeskAlarm[] {
    return supervises ? [...this.#alarms, ...this.#supervisorAlarms] : this.#alarms;
  }
}

function isOf({ manager }: Presence, other: Presence | undefined): boolean {
  return manager.id === other?.manager.id && manager.name === other.manager.name;
}

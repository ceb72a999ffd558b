import type { Kind } from '../capacity-load.ts';

/** What one seat has in its busiest hour, and how a year follows from that. Assumptions, not measurements. */
export interface Profile {
  /** Of each kind in the busiest hour; a message is a client's or our answer, a call any with somebody outside. */
  readonly busyHour: Readonly<Record<Kind, number>>;
  /** Busiest hours' worth of contacts in a working day. */
  readonly busyHoursADay: number;
  readonly daysAYear: number;
}

/** A sales department that telephones much: five minutes a call, and letters, chats and forms beside them. */
export const department: Profile = {
  busyHour: { call: 12, letter: 4, message: 10, form: 0.5 },
  busyHoursADay: 6,
  daysAYear: 250,
};

/** Contacts a second, of each kind. */
export type Stream = Readonly<Record<Kind, number>>;

/** What so many seats have in their busiest hour. */
export function busiest(seats: number, { busyHour }: Profile): Stream {
  const second = (kind: Kind) => (seats * busyHour[kind]) / 3600;
  return { call: second('call'), letter: second('letter'), message: second('message'), form: second('form') };
}

/** Contacts of each kind in a year, from those of a busy second. */
export function ofYear(stream: Stream, { busyHoursADay, daysAYear }: Profile): Stream {
  const year = (kind: Kind) => stream[kind] * 3600 * busyHoursADay * daysAYear;
  return { call: year('call'), letter: year('letter'), message: year('message'), form: year('form') };
}

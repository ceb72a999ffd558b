import type { Kind } from '../capacity-load.ts';

/** Assumed load of one seat in its busiest hour, and in a year. */
export interface Profile {
  /** Contacts in the busiest hour. Messages are inbound and outbound; calls are those with outside parties. */
  readonly busyHour: Readonly<Record<Kind, number>>;
  /** Contacts of a working day as a multiple of the busiest hour. */
  readonly busyHoursADay: number;
  readonly daysAYear: number;
}

/** A sales department with many calls of five minutes, and also letters, chats and forms. */
export const department: Profile = {
  busyHour: { call: 12, letter: 4, message: 10, form: 0.5 },
  busyHoursADay: 6,
  daysAYear: 250,
};

/** Contacts of each kind per second. */
export type Stream = Readonly<Record<Kind, number>>;

/** The load of this many seats in their busiest hour. */
export function busiest(seats: number, { busyHour }: Profile): Stream {
  const second = (kind: Kind) => (seats * busyHour[kind]) / 3600;
  return { call: second('call'), letter: second('letter'), message: second('message'), form: second('form') };
}

/** Contacts of each kind per year, from the rate in the busiest hour. */
export function ofYear(stream: Stream, { busyHoursADay, daysAYear }: Profile): Stream {
  const year = (kind: Kind) => stream[kind] * 3600 * busyHoursADay * daysAYear;
  return { call: year('call'), letter: year('letter'), message: year('message'), form: year('form') };
}

import type { CallTranscript, ContactEvent } from '../../../../src/domain/interaction/contact-event.ts';
import { writtenAt } from '../../../support/written.ts';
import type { DayOffice } from './office.ts';
import type { Person } from './people.ts';

const hour = 3_600_000;

/** The day: yesterday from eight to eight, and three hours within it in which the portal is away. */
export const day = {
  begin: writtenAt - hour,
  outage: { from: writtenAt + 3 * hour, to: writtenAt + 6 * hour },
  end: writtenAt + 11 * hour,
};

/** Something that happens during the day. */
export interface Happening {
  readonly at: number;
  readonly run: (office: DayOffice) => Promise<unknown>;
}

/** What is reported of contacts. Transcripts have tests of their own. */
export type DayEvent = Exclude<ContactEvent, CallTranscript>;

/** A contact of the day, with whom it was. */
export interface Contact {
  readonly name: string;
  readonly channel: 'call' | 'email' | 'message' | 'form';
  /** The key of its (first) event. */
  readonly key: string;
  readonly person: Person;
  readonly events: readonly DayEvent[];
  /** When it was over. */
  readonly end: number;
}

import type { Interaction } from './interaction.ts';

/** Call fields of a contact that is not a call. */
export const noCallFields = {
  answeredAt: null,
  waitSeconds: null,
  talkSeconds: null,
  result: null,
  legs: [],
  transfers: [],
  recordings: [],
} as const satisfies Partial<Interaction>;

/** Initial values of fields that are filled in later. */
export const initialFields = {
  assignee: null,
  handovers: [],
  closed: null,
  deletedAt: null,
  edits: [],
  parts: [],
  alsoOn: [],
  participants: [],
  attachments: [],
  html: null,
  thread: null,
  causedBy: null,
  object: null,
  notes: [],
  disposition: null,
  route: null,
  links: {},
  mergedInto: null,
  automatic: null,
  problem: null,
  problemReason: null,
  sendAt: null,
  suggestions: [],
} as const satisfies Partial<Interaction>;

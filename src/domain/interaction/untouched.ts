import type { Interaction } from './interaction.ts';

/** What a contact has of a call that was none: nobody has answered it yet, and nothing of it was spoken. */
export const unspoken = {
  answeredAt: null,
  waitSeconds: null,
  talkSeconds: null,
  legs: [],
  transfers: [],
  recordings: [],
} as const satisfies Partial<Interaction>;

/** What nobody has said or done yet about an interaction that is new. */
export const untouched = {
  assignee: null,
  handovers: [],
  closed: null,
  deletedAt: null,
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
  suggestions: [],
} as const satisfies Partial<Interaction>;

import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Fields } from '../../../runtime/http/fields.ts';
import type { Key } from '../api/base.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { OnecUser } from '../users/users.ts';

/** Somebody or something in the base that an attribute may point to. */
export interface Pointer {
  readonly set: string;
  readonly key: string;
}

/** What the plan of a document depends on. */
export interface Sources {
  readonly contact: Interaction;
  readonly mapping: Mapping;
  /** Who takes part, as the base knows them: a contact person before the client. Empty for a stranger. */
  readonly participants: readonly Pointer[];
  /** Whose it is; null if the base does not know the manager. */
  readonly owner: OnecUser | null;
  readonly timezone: string;
  /** The state that an event of УНФ has, by whether something is still to be done about it. Null if the base has none. */
  readonly eventState: string | null;
}

/** What a document says. Attributes that are not named are left as the base and its users fill them in. */
export interface PlannedDocument {
  readonly set: string;
  readonly fields: Fields;
  /** The attribute in which our mark is found again. */
  readonly markedIn: string;
  /** Records of registers that belong to it, once its key is known. */
  readonly records: (key: string) => readonly PlannedRecord[];
}

/** What a record of a register says. */
export interface PlannedRecord {
  /** Its name in the ledger. */
  readonly name: string;
  readonly set: string;
  readonly key: Key;
  /** Its dimensions, for a record that is made. */
  readonly dimensions: Fields;
  readonly fields: Fields;
}

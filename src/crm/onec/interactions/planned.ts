import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Fields } from '../../../runtime/http/fields.ts';
import type { Key } from '../api/base.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { Purpose } from '../presets/preset.ts';
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
  readonly fields: Fields;
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

/** A kind of document, and what of the configuration it needs. */
export interface DocumentKind {
  readonly set: string;
  readonly purpose: Purpose;
  /** The attribute in which the contact's id is found again. */
  readonly markedIn: string;
  /** Whether it belongs to the БСП subsystem, which keeps subjects and Рассмотрено in a register. */
  readonly hasSubject: boolean;
  readonly plan: (sources: Sources) => PlannedDocument;
}

import type { InteractionId } from '../../../domain/base/ids.ts';
import type { Reason } from '../../../domain/base/reason.ts';
import type { LedgerChange } from '../../../domain/delivery/ledger.ts';
import type { Channel, Interaction } from '../../../domain/interaction/interaction.ts';

/** A core that can say what it holds, for `patchbay crm compare`. All methods reject with a ServiceError. */
export interface Comparable {
  /** What the core should hold of a contact whose delivery is finished, the main thing first; empty if nothing. */
  expectedOf(interaction: Interaction, signal: AbortSignal): Promise<readonly ExpectedContact[]>;
  /** What it holds of contacts that began in a period, ours and others, as far as it can be listed by time. */
  remoteContacts(period: Period, signal: AbortSignal): AsyncIterable<RemoteContact>;
  /** Looks for expected things that were not listed, whenever they began. */
  find(expected: readonly ExpectedContact[], signal: AbortSignal): Promise<readonly RemoteContact[]>;
  /** How a difference can be repaired. Changes nothing. */
  mendingOf(difference: Difference, interaction: Interaction, signal: AbortSignal): Promise<Mending>;
  /** Removes something from the core, as a {@link Mending} says. A repeat changes nothing. */
  remove(id: string, signal: AbortSignal): Promise<void>;
}

/** A period in milliseconds since the epoch; the end is excluded. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** What can differ. `seconds`: of talk; `person`: whose it is there; `client`: whose card it stands on. */
export type Fact = 'seconds' | 'status' | 'person' | 'direction' | 'client' | 'recording';

/** Facts as the core states them. Those that only one side states are not compared. */
export type Facts = Readonly<Partial<Record<Fact, string | number | boolean>>>;

/** Something that the core should hold of a contact. A contact may be several, such as a call and the lead it made. */
export interface ExpectedContact {
  readonly interaction: InteractionId;
  readonly channel: Channel;
  /** What it is, unique within the contact, such as `call 1`. */
  readonly item: string;
  /** Its id there by the ledger; null if it was never reported. */
  readonly remote: string | null;
  /** Whether people there can delete it, so that its absence may be wanted. */
  readonly isDeletable: boolean;
  readonly facts: Facts;
}

/** Something that the core holds. */
export interface RemoteContact {
  /** The contact that it names; null if it does not come from us. */
  readonly interaction: InteractionId | null;
  readonly channel: Channel;
  /** See {@link ExpectedContact.item}. */
  readonly item: string;
  readonly id: string;
  /** What belongs to it there and can be removed by its own id, such as the activity of a call. */
  readonly companion: string | null;
  readonly facts: Facts;
}

/** A difference between what the core should hold and what it holds. */
export type Difference =
  /** It is not there. `deleted`: it was, and people there may have deleted it on purpose. */
  | { readonly kind: 'missing' | 'deleted'; readonly expected: ExpectedContact }
  /** `remote` stands beside the one that the ledger names, or beside an earlier one. */
  | { readonly kind: 'doubled'; readonly expected: ExpectedContact; readonly remote: RemoteContact }
  | {
      readonly kind: 'different';
      readonly expected: ExpectedContact;
      readonly remote: RemoteContact;
      readonly fact: Fact;
      readonly ours: string | number | boolean;
      readonly theirs: string | number | boolean;
    };

/** How a difference is repaired. */
export type Mending =
  /** Things are removed there; then the ledger is corrected and the contact is delivered again, unless it is null. */
  | { readonly kind: 'mend'; readonly removes: readonly string[]; readonly ledger: readonly LedgerChange[] | null }
  /** The core does not allow it. `settled`: all that is possible was done, so that it no longer counts as a difference. */
  | { readonly kind: 'impossible' | 'settled'; readonly why: Reason };

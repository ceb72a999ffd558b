import type { Scope } from '../access/access.ts';
import type { ManagerId } from '../base/ids.ts';
import type { Channel } from '../interaction/interaction.ts';

/** An employee who talks with clients, as the configuration tells it. */
export interface Manager {
  readonly id: ManagerId;
  readonly name: string;
  /** "101", or "pbx/101" once there are several PBXs. */
  readonly extensions: readonly string[];
  /** E.164. */
  readonly mobile: string | null;
  readonly email: string | null;
  readonly department: string | null;
  /** Name of an entry of `routing.hours`; null: always at work. */
  readonly hours: string | null;
  /** Login of the user who is this manager. */
  readonly user: string | null;
  /** Who takes over when this one can't. */
  readonly deputy: ManagerId | null;
  readonly absences: readonly Absence[];
  /** What this manager sees as a user; absent: what the role sees. */
  readonly scope?: Scope;
  /** What stands beneath this manager's letters; absent: nothing. */
  readonly signature?: string;
}

/** Away from–to; both ends as instants, `to` exclusive. */
export interface Absence {
  readonly from: number;
  readonly to: number;
  /** Stands in for this absence only; else the manager's own deputy does. */
  readonly deputy: ManagerId | null;
  readonly reason: string | null;
}

/** What of ours the client reached: a DID, a mailbox, a bot, a form. */
export interface Line {
  readonly id: string;
  readonly channel: Channel;
  /** The DID in the form the PBX gives it, a mailbox's address, a form's name. */
  readonly address: string;
  readonly label: string;
  readonly connection: string | null;
  readonly attribution: {
    readonly source: string | null;
    readonly medium: string | null;
    readonly campaign: string | null;
  };
  /** Where its contacts go when no rule says otherwise: `responsible`, `group:…`, `queue:…`, `manager:…`, `default`. */
  readonly route: string | null;
  /** Further numbers of this line, shown to one visit each (call tracking); absent: none. */
  readonly pool?: NumberPool;
}

/** Numbers that visits of a site are shown, each one its own for a while. */
export interface NumberPool {
  /** As the PBX gives them. */
  readonly numbers: readonly string[];
  /** Milliseconds a number stays a visit's own after it was last looked at. */
  readonly hold: number;
}

/** The part of the configuration that a SIGHUP replaces while calls go on. */
export interface Staff {
  readonly managers: readonly Manager[];
  readonly lines: readonly Line[];
}

import { parseExtension } from '../../../domain/directory/extension-place.ts';
import type { Staff } from '../../../domain/directory/manager.ts';
import type { End, Interaction, Leg, Named } from '../../../domain/interaction/interaction.ts';
import { bareExtension, isOurs } from '../../shared/our-legs.ts';
import type { ItoolabsConfig } from '../schema.ts';

/** The extensions of a call's telephones and people, as the CRM knows them. */
export class Extensions {
  readonly #config: Pick<ItoolabsConfig, 'extensions' | 'misses' | 'nobody'>;
  readonly #staff: Staff;

  constructor(config: Pick<ItoolabsConfig, 'extensions' | 'misses' | 'nobody'>, staff: Staff) {
    this.#config = config;
    this.#staff = staff;
  }

  /** The extension of a leg; null if it is none of an employee's telephones. */
  ofLeg(call: Interaction, leg: Leg): string | null {
    return isOurs(call, leg) ? this.ofEnd(leg) : null;
  }

  /** The extension of one of our ends; null if it is none of ours. */
  ofEnd({ manager, extension }: Pick<End, 'manager' | 'extension'>): string | null {
    return this.#asSet(manager) ?? bareExtension(extension) ?? this.ofManager(manager);
  }

  /** The extension of a manager; null if there is none. */
  ofManager(manager: Named | null): string | null {
    const [own] = this.#staff.managers.find(({ id }) => id === manager?.id)?.extensions ?? [];
    return this.#asSet(manager) ?? (own === undefined ? null : parseExtension(own).number);
  }

  /** Whose a call is in which nobody talked. */
  ofOwner(call: Interaction): string {
    const { misses, nobody } = this.#config;
    const own = call.direction === 'inbound' ? missOwner(call, misses) : call.handledBy;
    const rang = call.legs.filter((leg) => isOurs(call, leg)).toSorted((a, b) => rangAt(a) - rangAt(b));
    const last = rang.at(-1);
    const queue = call.legs.findLast(({ kind }) => kind === 'queue');
    return (
      this.ofManager(own) ??
      (last === undefined ? null : this.ofLeg(call, last)) ??
      bareExtension(queue?.extension ?? null) ??
      nobody
    );
  }

  #asSet(manager: Named | null): string | null {
    const { extensions = {} } = this.#config;
    return manager !== null && Object.hasOwn(extensions, manager.id) ? (extensions[manager.id] ?? null) : null;
  }
}

function missOwner({ responsible }: Interaction, misses: string): Named | null {
  if (misses === 'last') return null;
  return misses === 'responsible' ? responsible : { id: misses, name: misses };
}

function rangAt({ lastRangAt, rangAt }: Leg): number {
  return Date.parse(lastRangAt ?? rangAt ?? '') || 0;
}

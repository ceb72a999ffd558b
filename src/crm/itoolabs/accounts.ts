import { parseExtension } from '../../domain/directory/extension-place.ts';
import type { Manager, Staff } from '../../domain/directory/manager.ts';
import type { ItoolabsConfig } from './schema.ts';

/** Our managers as the CRM names them: a login is the manager's id. */
export class Accounts {
  readonly #config: Pick<ItoolabsConfig, 'extensions'>;
  readonly #staff: () => Staff;

  constructor(config: Pick<ItoolabsConfig, 'extensions'>, staff: () => Staff) {
    this.#config = config;
    this.#staff = staff;
  }

  /** Managers with an extension. */
  all(): readonly { readonly manager: Manager; readonly extension: string }[] {
    return this.#staff().managers.flatMap((manager) => {
      const [extension] = this.#extensionsOf(manager);
      return extension === undefined ? [] : [{ manager, extension }];
    });
  }

  /** The manager of a login or an extension. Logins may be qualified: `anna@company`. */
  find(user: string): Manager | null {
    const [login = ''] = user.split('@', 1);
    const { managers } = this.#staff();
    return (
      managers.find(({ id }) => id === login) ??
      managers.find((manager) => this.#extensionsOf(manager).includes(login)) ??
      null
    );
  }

  #extensionsOf({ id, extensions }: Manager): readonly string[] {
    const own = extensions.map((one) => parseExtension(one).number);
    const { extensions: set = {} } = this.#config;
    const other = Object.hasOwn(set, id) ? set[id] : undefined;
    return other === undefined ? own : [other, ...own];
  }
}

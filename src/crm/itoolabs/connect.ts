import type { Finding } from '../../domain/base/finding.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';
import type { Connectable, CoreContext } from '../contract.ts';
import type { Accounts } from './accounts.ts';
import type { TelephonyService } from './api.ts';
import type { ItoolabsConfig } from './schema.ts';

interface ConnectParts {
  readonly config: ItoolabsConfig;
  readonly context: CoreContext;
  readonly service: TelephonyService;
  readonly accounts: Accounts;
}

/** A number that nobody has. */
const nobodys = '70000000000';

/** How the core is connected with help of the command line. */
export function connectable({ config, context, service, accounts }: ConnectParts): Connectable {
  const { hookUrl, name } = context;

  async function tried(what: string, detail: string, step: () => Promise<unknown>): Promise<Finding> {
    try {
      await step();
      return { what: `${name}: ${what}`, ok: true, detail };
    } catch (error) {
      return { what: `${name}: ${what}`, ok: false, detail: reasonText(asServiceError(error).reason) };
    }
  }

  return {
    guide: () => [
      '1. In УНФ open Настройки, Телефония, and choose «Универсальный (Itoolabs)» as the PBX.',
      `2. Enter ${hookUrl} as the address of the PBX, and the value of \`token\` as the key for it.`,
      '3. Put the key for УНФ that is shown there into the setting `key`.',
      '4. Give each employee in УНФ the extension that the manager has here.',
      '5. Publish the HTTP service `telephony` of the base, and put its address into the setting `url`.',
    ],
    isConnected: async () => true,
    examine: async (signal) => [
      await tried('service', `answers at ${config.url}`, () => service.ping(signal)),
      await tried('key', 'the CRM accepts it', () =>
        service.send('contact', { phone: nobodys, callid: 'check' }, { signal }),
      ),
      {
        what: `${name}: extensions`,
        ok: accounts.all().length > 0,
        detail: `${accounts.all().length} managers have one; enter the same ones in the CRM`,
      },
      {
        what: `${name}: click-to-call`,
        ok: true,
        detail:
          config.token === undefined ? 'off: `token` is not set' : `the CRM sends its commands to ${context.hookUrl}`,
      },
    ],
  };
}

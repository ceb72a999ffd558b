import type { Connectable } from '../../contract.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Application } from './application.ts';
import { examinePortal } from './examine.ts';
import { guideOf } from './guide.ts';
import type { AppConfig } from './settings.ts';

/** How the core is connected with help of the command line. `installed` is null for a webhook. */
export function connectable(
  parts: Bitrix24Parts,
  installed: { readonly app: AppConfig; readonly application: Application } | null,
): Connectable {
  const { config, context } = parts;
  const address = installed?.app.portal ?? config.webhook ?? '';
  return {
    guide: () => guideOf(config, installed?.app ?? null, context.hookUrl, context.clock.now()),
    isConnected: async () => installed === null || (await installed.application.tokens({ fresh: true })) !== null,
    examine: (signal) => examinePortal(parts, { isApp: installed !== null, address }, signal),
  };
}

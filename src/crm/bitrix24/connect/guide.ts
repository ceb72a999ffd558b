import type { Bitrix24Config } from '../schema.ts';
import type { AppConfig } from './settings.ts';
import { newState } from './state.ts';
import { wantedScopes } from './used-methods.ts';

/** What an administrator has to do in the portal. `app` is null for a webhook. */
export function guideOf(
  config: Pick<Bitrix24Config, 'webhook' | 'messages'>,
  app: AppConfig | null,
  hookUrl: string,
  now: number,
): readonly string[] {
  const { webhook } = config;
  if (app !== null) return guideOfApp(app, wantedScopes(config, true), hookUrl, now);
  const portal = webhook === undefined ? 'https://PORTAL' : new URL(webhook).origin;
  return [
    `1. Open ${portal}/devops/ (Applications, Developer resources), choose Other, then Inbound webhook.`,
    `2. Tick these permissions: ${wantedScopes(config, false).join(', ')}.`,
    '3. Save, and put the address that the portal shows into the setting `webhook`.',
    'A webhook acts with the rights of the user who made it: this should be an administrator.',
    'The cloud lets only an application register calls. If the check below says so, use `app` instead of `webhook`.',
  ];
}

function guideOfApp(
  { portal, clientId, clientSecret }: AppConfig,
  scopes: readonly string[],
  hookUrl: string,
  now: number,
): readonly string[] {
  const root = portal.replace(/\/$/, '');
  const query = new URLSearchParams({ client_id: clientId, state: newState(clientSecret, now) });
  return [
    `1. Open ${root}/devops/ (Applications, Developer resources), choose Other, then Local application.`,
    '2. Choose Server, and tick "Script only (no user interface)".',
    `3. Enter this address as the handler path and as the initial installation path: ${hookUrl}`,
    `4. Tick these permissions: ${scopes.join(', ')}.`,
    '5. Save, and put the keys that the portal shows into the settings `app.clientId` and `app.clientSecret`.',
    '6. Start Patchbay, then press Install (or Reinstall) in the portal: it posts the first tokens to that address.',
    'If the portal can not reach the address, open this link within an hour, logged in as an administrator:',
    `   ${root}/oauth/authorize/?${query}`,
  ];
}

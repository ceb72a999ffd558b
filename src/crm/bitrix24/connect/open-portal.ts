import { deliveryDefaults } from '../../../delivery/defaults.ts';
import type { HttpClient } from '../../../runtime/http/client.ts';
import { Slots } from '../../../runtime/slots.ts';
import type { CoreContext } from '../../contract.ts';
import { Budget } from '../../shared/budget.ts';
import { type Authority, webhookAuthority } from '../api/authority.ts';
import { PortalClient } from '../api/client.ts';
import { Limits } from '../api/limits.ts';
import type { Portal } from '../api/portal.ts';
import type { Bitrix24Config } from '../schema.ts';
import { Application } from './application.ts';
import { PortalHealth } from './health.ts';
import { type OAuth, openOAuth } from './oauth.ts';
import { openProof, type Proof } from './proof.ts';
import type { AppConfig } from './settings.ts';

/** The way to a portal. */
export interface OpenedPortal {
  readonly portal: Portal;
  readonly health: PortalHealth;
  /** Calls it in somebody else's name, within the same limits. */
  readonly portalAs: (authority: Authority) => Portal;
  /** The application in whose name we call; null for a webhook. */
  readonly installed: {
    readonly app: AppConfig;
    readonly application: Application;
    readonly oauth: OAuth;
    readonly proof: Proof;
  } | null;
}

/** Opens the way to the configured portal. Throws an error for the administrator if it is not configured. */
export function openPortal(config: Bitrix24Config, http: HttpClient, context: CoreContext): OpenedPortal {
  const { webhook } = config;
  const app = appOf(config, context.name);
  const installed = app === null ? null : openApplication(app, http, context);
  const hook = webhook === undefined ? null : webhookAuthority(webhook);
  const authority = installed === null ? hook : withWebhook(installed.application, hook);
  if (authority === null) throw new Error(`destinations.${context.name}: expected webhook or app`);
  const health = new PortalHealth(context);
  const limits = limitsOf(config, context);
  const { concurrency = deliveryDefaults.concurrency } = config;
  const portal = new PortalClient({
    http,
    authority,
    limits,
    slots: { live: new Slots(concurrency), usual: new Slots(concurrency) },
    observe: (method, error) => health.note(method, error),
  });
  return { portal, health, portalAs: (other) => new PortalClient({ http, authority: other, limits }), installed };
}

/** The application with its portal, which a webhook's address names as well. */
function appOf({ app, webhook }: Bitrix24Config, name: string): AppConfig | null {
  if (app === undefined) return null;
  const portal = app.portal ?? (webhook === undefined ? undefined : new URL(webhook).origin);
  if (portal === undefined) throw new Error(`destinations.${name}.app.portal: expected the address of the portal`);
  return { ...app, portal };
}

/** The webhook stands in until the application is installed. */
function withWebhook(application: Application, hook: Authority | null): Authority {
  if (hook === null) return application;
  return {
    open: async (method) => ((await application.tokens()) === null ? hook.open(method) : application.open(method)),
    renew: async (refused, error) =>
      'auth' in refused.parameters ? application.renew(refused, error) : hook.renew(refused, error),
  };
}

function openApplication(app: AppConfig, http: HttpClient, context: CoreContext) {
  const oauth = openOAuth(http, app);
  const application = new Application(app, context, oauth);
  const proof = openProof(http, app, oauth, () => application.tokens({ fresh: true }));
  return { app, oauth, proof, application };
}

/** The loader fills in the defaults of `limits`; without them there is no limit. */
function limitsOf({ limits }: Bitrix24Config, context: CoreContext): Limits {
  if (limits === undefined) return new Limits(null, Number.POSITIVE_INFINITY);
  const { perSecond, burst, methodSeconds, instances } = limits;
  const budget = perSecond === 0 ? null : new Budget(context.bucket({ perSecond, size: burst }, instances));
  return new Limits(budget, methodSeconds);
}

import type { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Parameters } from './portal.ts';

/** Says where methods are called, and in whose name. */
export interface Authority {
  /** The URL of a method, and the parameters that authorise the call. Rejects with a ServiceError if we have no token. */
  open(method: string): Promise<Opened>;
  /**
   * Called if the portal does not accept what `open` returned. Resolves to true if another attempt makes sense, and
   * rejects with a ServiceError if the application has to be installed again.
   */
  renew(refused: Opened, error: ServiceError): Promise<boolean>;
}

/** An authorised method. */
export interface Opened {
  readonly url: string;
  /** `auth` of an application; nothing for a webhook. */
  readonly parameters: Parameters;
}

/** An inbound webhook: the secret is part of the URL, and never expires by itself. */
export function webhookAuthority(webhook: string): Authority {
  const root = webhook.replace(/\/$/, '');
  return {
    open: async (method) => ({ url: `${root}/${method}.json`, parameters: {} }),
    renew: async () => false,
  };
}

/** One token, such as that which a user's browser brings. It is not renewed. */
export function tokenAuthority(auth: string, { portal }: { readonly portal: string }): Authority {
  const root = portal.replace(/\/$/, '');
  return {
    open: async (method) => ({ url: `${root}/rest/${method}.json`, parameters: { auth } }),
    renew: async () => false,
  };
}

import { type DocsLink, docsLinks } from '../domain/base/docs-links.ts';
import { ConfigSchema } from './schema.ts';

const sections: ReadonlySet<string> = new Set(Object.keys(ConfigSchema.properties));
/** Pages of the connectors' kinds. */
const kinds: Readonly<Record<string, DocsLink>> = {
  asterisk: docsLinks.asterisk,
  mail: docsLinks.mail,
  telegram: docsLinks.telegram,
  whatsapp: docsLinks.whatsapp,
  vk: docsLinks.vk,
  max: docsLinks.max,
  viber: docsLinks.viber,
  avito: docsLinks.avito,
  webhook: docsLinks.webhook,
};
/** Keys that have a heading of their own. */
const keys: Readonly<Record<string, DocsLink>> = {
  'lines.form': docsLinks.forms,
  'lines.pool': docsLinks.callTracking,
  'connectors.trunks': docsLinks.trunks,
  'connectors.recordings': docsLinks.recordings,
  'store.recordings': docsLinks.recordings,
  'connectors.clickToCall': docsLinks.clickToCall,
};

/** Where the documentation explains a key of the configuration. `kind`: of the connector that the key belongs to. */
export function docsLinkOf(path: readonly string[], kind: string | null): DocsLink {
  const [section = '', , key = ''] = path;
  if (!sections.has(section)) return docsLinks.configurationFile;
  const own = keys[`${section}.${key}`];
  if (own !== undefined) return own;
  const ofKind = section === 'connectors' && kind !== null && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return ofKind ?? `docs/configuration.md#${section}`;
}

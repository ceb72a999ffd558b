import type { Finding } from '../../../domain/base/finding.ts';
import { fields, id, list } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Answer, Portal } from '../api/portal.ts';
import { examineLines } from '../open-lines/examine-lines.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { adviceOn } from './advice.ts';
import { examineUsers } from './examine-users.ts';
import { usedMethods } from './used-methods.ts';

/** Checks the portal: access, permissions, each method that will be used, and whose users our managers are. */
export async function examinePortal(
  parts: Bitrix24Parts,
  { isApp, address }: { readonly isApp: boolean; readonly address: string },
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { portal, context } = parts;
  const access = await examineAccess(portal, isApp, signal);
  const findings = access.ok
    ? [
        access,
        ...(await examineMethods(parts, isApp, signal)),
        ...(await examineUsers(parts, signal)),
        ...(await examineLines(parts, signal)),
        ...examineKind(parts, address),
        ...(isApp ? [examineEvents(parts)] : []),
      ]
    : [access];
  return findings.map((finding) => ({ ...finding, what: `${context.name}: ${finding.what}` }));
}

async function examineAccess(portal: Portal, isApp: boolean, signal: AbortSignal): Promise<Finding> {
  const what = 'access';
  try {
    const user = fields((await portal.call('profile', {}, { signal })).result);
    const who = `calls methods as user ${id(user.ID) ?? '?'} of the portal`;
    const isAdmin = user.ADMIN === true || user.ADMIN === 'Y';
    if (isAdmin) return { what, ok: true, detail: `${who}, an administrator` };
    const made = isApp ? 'install the application' : 'create the webhook';
    return {
      what,
      ok: false,
      detail: `${who}, who is not an administrator and may not see all clients; ${made} as an administrator`,
    };
  } catch (error) {
    return { what, ok: false, detail: adviceOn(asServiceError(error), isApp) };
  }
}

async function examineMethods(
  { portal, config }: Bitrix24Parts,
  isApp: boolean,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const used = usedMethods(config);
  try {
    const granted = new Set(list((await portal.call('scope', {}, { signal })).result));
    const names = used.flatMap(({ methods }) => methods);
    const commands = Object.fromEntries(
      names.map((name, i) => [`m${i}`, { method: 'method.get', parameters: { name } }] as const),
    );
    const answers: Readonly<Record<string, Answer | Error>> = await portal.batch(commands, { signal });
    const exists = new Map(names.map((name, i) => [name, isExisting(answers[`m${i}`])]));
    const found = [];
    for (const { purpose, scopes, methods, appOnly } of used) {
      const missing = methods.filter((name) => exists.get(name) === false);
      const what = purpose;
      if (appOnly === true && !isApp && purpose !== 'calls')
        found.push({ what, ok: true, detail: 'not available to a webhook; a local application can do this' });
      else if (!scopes.some((scope) => granted.has(scope)))
        found.push({ what, ok: false, detail: `the permission ${scopes[0]} is missing; tick it in the portal` });
      else if (missing.length > 0)
        found.push({ what, ok: false, detail: `this portal does not have ${missing.join(', ')}; update it` });
      else found.push({ what, ...(await tried(purpose, portal, isApp, signal)) });
    }
    return found;
  } catch (error) {
    return [{ what: 'methods', ok: false, detail: adviceOn(asServiceError(error), isApp) }];
  }
}

/** Undefined if the portal did not say. */
function isExisting(answer: Answer | Error | undefined): boolean | undefined {
  if (answer === undefined || answer instanceof Error) return undefined;
  const { isExisting: is } = fields(answer.result);
  return typeof is === 'boolean' ? is : undefined;
}

/**
 * Methods that are tried. They change nothing: without parameters the portal refuses them after it has checked our
 * rights.
 */
const trials: Readonly<Record<string, readonly [method: string, parameters: Readonly<Record<string, unknown>>]>> = {
  calls: ['telephony.externalCall.register', {}],
  'cards of calls, recordings and transcripts': ['voximplant.statistic.get', { FILTER: { ID: 0 } }],
  'clients, leads, letters and messages': ['crm.contact.list', { filter: { ID: 0 }, select: ['ID'] }],
};

async function tried(
  purpose: string,
  portal: Portal,
  isApp: boolean,
  signal: AbortSignal,
): Promise<Pick<Finding, 'ok' | 'detail'>> {
  const trial = trials[purpose];
  if (trial === undefined) return { ok: true, detail: 'permitted' };
  try {
    await portal.call(trial[0], trial[1], { signal });
  } catch (error) {
    const trouble = asServiceError(error);
    if (trouble.trouble !== 'refused') return { ok: false, detail: `${trial[0]}: ${adviceOn(trouble, isApp)}` };
  }
  return { ok: true, detail: `permitted (tried ${trial[0]})` };
}

/** What is different in a portal of one's own. */
function examineKind({ config }: Bitrix24Parts, address: string): readonly Finding[] {
  const { hostname } = new URL(address);
  if (/\.bitrix24\.[a-z.]{2,10}$/.test(hostname)) return [];
  const unlimited = config.limits?.perSecond === 0;
  const limit = unlimited
    ? 'limits.perSecond is 0'
    : 'it has no limit of requests: limits.perSecond: 0 makes deliveries faster';
  return [{ what: 'self-hosted', ok: true, detail: `${hostname} is a portal of your own; ${limit}` }];
}

function examineEvents({ polled, context: { hookUrl } }: Bitrix24Parts): Finding {
  const what = 'events';
  if (polled)
    return {
      what,
      ok: true,
      detail: `the portal is asked for clicks every 2 seconds; the application can only be installed if it or a browser reaches ${hookUrl}`,
    };
  const isPublic = hookUrl.startsWith('https://');
  return {
    what,
    ok: isPublic,
    detail: isPublic
      ? `the portal posts to ${hookUrl}`
      : `the portal can't post to ${hookUrl}: set http.publicUrl to a public https address of Patchbay, or events: polled`,
  };
}

import { type DocsLink, docsLinks } from '../base/docs-links.ts';
import type { Reason } from '../base/reason.ts';
import type { ReasonCode } from './reasons.ts';

/** The page of the documentation that helps with a reason. Only what an administrator can put right has one. */
const pages: Partial<Record<ReasonCode, DocsLink>> = {
  keyRefused: docsLinks.unf,
  serviceMissing: docsLinks.unf,
  extensionsUnknown: docsLinks.vats,
  pbxNotListening: docsLinks.amiLogin,
  pbxLoginRefused: docsLinks.amiLogin,
  recordUnreadable: docsLinks.callRecord,
  recordGap: docsLinks.callRecord,
  callForbidden: docsLinks.amiRights,
  noContext: docsLinks.clickToCall,
  recordingsUnset: docsLinks.recordings,
  recordingNotFound: docsLinks.recordings,
  recordingsDirectoryLost: docsLinks.recordings,
  sftpHostKeyUnknown: docsLinks.recordings,
  sftpLoginRefused: docsLinks.recordings,
  imapLoginRefused: docsLinks.mailLogin,
  imapTokenRefused: docsLinks.mailLogin,
  tokenServiceRefused: docsLinks.mailLogin,
  loginRefused: docsLinks.mailLogin,
  tokenRefused: docsLinks.mailLogin,
  folderNotFound: docsLinks.mail,
  mailboxOnlyRead: docsLinks.mail,
  appNotInstalled: docsLinks.bitrix24,
  appReinstall: docsLinks.bitrix24,
  appSecretWrong: docsLinks.bitrix24,
  methodsDenied: docsLinks.bitrix24,
  openLineInactive: docsLinks.openLines,
};

/** Where the documentation explains a reason, or null. */
export function docsOf(reason: Pick<Reason, 'code'> | null | undefined): DocsLink | null {
  if (reason == null || !Object.hasOwn(pages, reason.code)) return null;
  return pages[reason.code as ReasonCode] ?? null;
}

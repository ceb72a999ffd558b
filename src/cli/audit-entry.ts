import type { AuditAction, AuditEntry } from '../domain/access/audit.ts';
import { newInteractionId } from '../domain/base/ids.ts';

/** The audit log entry of something done at the server's command line. */
export function commandEntry(action: AuditAction, what: string, subject: string): AuditEntry {
  const at = Date.now();
  return { id: newInteractionId(at), at, who: 'command', action, what, subject, count: null, address: null };
}

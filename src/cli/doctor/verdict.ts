import { isIP } from 'node:net';
import { docsLinks } from '../../domain/base/docs-links.ts';
import type { Finding } from './finding.ts';
import type { Trial } from './try-from-pbx.ts';

/** What the configuration says of the way. */
export interface Expected {
  /** Name of the connection. */
  readonly connection: string;
  /** Where Patchbay listens for FastAGI; null without it. */
  readonly agi: { readonly host: string; readonly port: number } | null;
  /** Where the PBX is. */
  readonly pbxHost: string;
}

type Verdict = Pick<Finding, 'ok' | 'detail'>;

/** Refused comes back at once; what is dropped on the way shows as Asterisk's time-out of two seconds. */
const silence = 1500;
const seeRights = ` (see ${docsLinks.amiRights})`;

/** What a trial means, and what to do about it. */
export function verdictOn(trial: Trial, expected: Expected): Verdict {
  const { url, status } = trial;
  if (trial.refused !== null)
    return bad(
      `not tried, the PBX refused the Originate (${trial.refused}); give the AMI user write=originate${seeRights}`,
    );
  if (url === null) return neverBegan(trial);
  if (status === null) return noStatus(trial, url);
  return url.startsWith('http') ? byCurl(trial, url, status) : byAgi(trial, url, status, expected);
}

function neverBegan({ cause }: Trial): Verdict {
  if (cause === null)
    return bad(`not tried, the PBX told nothing of the trial; give the AMI user read=call,dialplan${seeRights}`);
  // A Local channel whose extension doesn't exist ends without a cause; one that ran ends as a normal clearing.
  return cause === '0'
    ? bad(
        'not tried, the dialplan has no context patchbay-doctor; paste what pbx-config prints, then "dialplan reload"',
      )
    : bad(
        `it ran, but the PBX did not tell how it went; give the AMI user read=dialplan and the printed eventfilter lines${seeRights}`,
      );
}

function noStatus({ cause, milliseconds }: Trial, url: string): Verdict {
  return cause === null
    ? bad(`the PBX reached ${url}, but had no answer after ${milliseconds} ms; whatever listens there hangs`)
    : bad('the dialplan broke off; are the modules res_agi (way agi) or func_curl (way curl) loaded?');
}

function byAgi(trial: Trial, url: string, status: string, expected: Expected): Verdict {
  if (status === 'FAILURE') return noConnection(trial, url, expected);
  const [id, connection] = (trial.answer ?? '').split(' ');
  if (id !== trial.id)
    return bad(
      `something answers at ${url} (${status}), but it is no Patchbay, one of before this version, or one whose agi.allow lacks the PBX's address`,
    );
  if (connection !== expected.connection)
    return bad(
      `${url} is where the connection "${connection}" is answered; print the dialplan of "${expected.connection}" with --connection`,
    );
  return good(`the PBX reaches ${url} and was answered in ${trial.milliseconds} ms`);
}

function noConnection({ milliseconds }: Trial, url: string, { agi, pbxHost }: Expected): Verdict {
  const { host, port } = placeOf(url);
  const what =
    milliseconds < silence
      ? `the PBX gets no connection to ${url}, it is refused`
      : `the PBX gets no connection to ${url}, nothing comes back; a firewall drops it, or the address is wrong`;
  const elsewhere = isLoopback(host) && !isLoopback(pbxHost);
  const hints = [
    ...(elsewhere ? [`${host} is the PBX itself: print the dialplan with --host ADDRESS_OF_PATCHBAY`] : []),
    ...(agi !== null && agi.port !== port ? [`Patchbay listens on port ${agi.port}: print the dialplan again`] : []),
    ...(agi !== null && isLoopback(agi.host) && !isLoopback(host)
      ? [`agi.host is ${agi.host}, where only a PBX on the same machine gets in: set it to 0.0.0.0`]
      : []),
    ...(isIP(host) === 0 ? [`can the PBX resolve the name ${host}? An address is safer`] : []),
  ];
  return bad([what, ...hints].join('; '));
}

function byCurl({ milliseconds }: Trial, url: string, status: string): Verdict {
  if (status.includes('outcome')) return good(`the PBX reaches ${url} and was answered in ${milliseconds} ms`);
  if (status === '')
    return bad(`the PBX has no answer from ${url} within its second; is Patchbay running, is http.host reachable?`);
  if (/unauthorized|forbidden/.test(status))
    return bad(`${url} refuses the token in the dialplan; make one by "patchbay token add pbx --role integration"`);
  return bad(`something answers at ${url}, but it is no Patchbay`);
}

function placeOf(url: string): { host: string; port: number } {
  const [, host = '', port = '4573'] = /^agi:\/\/(.*?)(?::(\d+))?$/.exec(url) ?? [];
  return { host, port: Number(port) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function good(detail: string): Verdict {
  return { ok: true, detail };
}

function bad(detail: string): Verdict {
  return { ok: false, detail };
}

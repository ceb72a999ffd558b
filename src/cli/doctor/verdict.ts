import { isIP } from 'node:net';
import { docsLinks } from '../../domain/base/docs-links.ts';
import type { Finding } from '../../domain/base/finding.ts';
import type { Trial } from './try-from-pbx.ts';

/** The configured way from the PBX to Patchbay. */
export interface Expected {
  /** Name of the connection. */
  readonly connection: string;
  /** Where Patchbay listens for FastAGI; null if it doesn't. */
  readonly agi: { readonly host: string; readonly port: number } | null;
  /** Host of the PBX. */
  readonly pbxHost: string;
}

type Verdict = Pick<Finding, 'ok' | 'detail'>;

/** A refused connection fails at once; a dropped packet shows as Asterisk's time-out of two seconds. */
const refusedWithin = 1500;
const seeRights = ` (see ${docsLinks.amiRights})`;

/** Interprets a trial, and says what to do if it failed. */
export function verdictOn(trial: Trial, expected: Expected): Verdict {
  const { url, status } = trial;
  if (trial.refused !== null)
    return bad(
      `not tested: the PBX refused the Originate (${trial.refused}); give the AMI user write=originate${seeRights}`,
    );
  if (url === null) return neverBegan(trial);
  if (status === null) return noStatus(trial, url);
  return url.startsWith('http') ? byCurl(trial, url, status) : byAgi(trial, url, status, expected);
}

function neverBegan({ cause }: Trial): Verdict {
  if (cause === null)
    return bad(
      `not tested: the PBX sent no events about the test call; give the AMI user read=call,dialplan${seeRights}`,
    );
  // A Local channel whose extension doesn't exist ends without a cause, one that ran with a normal clearing.
  return cause === '0'
    ? bad(
        'not tested: the dialplan has no context patchbay-doctor; paste the output of pbx-config, then run "dialplan reload"',
      )
    : bad(
        `the test call ran, but the PBX did not report its result; give the AMI user read=dialplan and the printed eventfilter lines${seeRights}`,
      );
}

function noStatus({ cause, milliseconds }: Trial, url: string): Verdict {
  return cause === null
    ? bad(`the PBX reached ${url}, but got no answer within ${milliseconds} ms; the program that listens there hangs`)
    : bad('the dialplan was aborted; are the modules res_agi (for --way agi) or func_curl (for --way curl) loaded?');
}

function byAgi(trial: Trial, url: string, status: string, expected: Expected): Verdict {
  if (status === 'FAILURE') return noConnection(trial, url, expected);
  const [id, connection] = (trial.answer ?? '').split(' ');
  if (id !== trial.id)
    return bad(
      `something answers at ${url} (${status}), but it is not Patchbay, or an older version, or the PBX's address is not in its agi.allow`,
    );
  if (connection !== expected.connection)
    return bad(
      `${url} belongs to the connection "${connection}"; print the dialplan of "${expected.connection}" with pbx-config --connection`,
    );
  return good(`the PBX reaches ${url} and got an answer in ${trial.milliseconds} ms`);
}

function noConnection({ milliseconds }: Trial, url: string, { agi, pbxHost }: Expected): Verdict {
  const { host, port } = placeOf(url);
  const what =
    milliseconds < refusedWithin
      ? `the PBX can't connect to ${url}: connection refused`
      : `the PBX can't connect to ${url}: no answer; a firewall may drop the packets, or the address is wrong`;
  const elsewhere = isLoopback(host) && !isLoopback(pbxHost);
  const hints = [
    ...(elsewhere ? [`to the PBX, ${host} is the PBX itself: print the dialplan with --host ADDRESS_OF_PATCHBAY`] : []),
    ...(agi !== null && agi.port !== port ? [`Patchbay listens on port ${agi.port}: print the dialplan again`] : []),
    ...(agi !== null && isLoopback(agi.host) && !isLoopback(host)
      ? [`agi.host is ${agi.host}, which only a PBX on the same machine can reach: set it to 0.0.0.0`]
      : []),
    ...(isIP(host) === 0 ? [`check that the PBX can resolve the name ${host}, or use an IP address`] : []),
  ];
  return bad([what, ...hints].join('; '));
}

function byCurl({ milliseconds }: Trial, url: string, status: string): Verdict {
  if (status.includes('outcome')) return good(`the PBX reaches ${url} and got an answer in ${milliseconds} ms`);
  if (status === '')
    return bad(
      `the PBX got no answer from ${url} within one second; check that Patchbay is running and http.host is reachable`,
    );
  if (/unauthorized|forbidden/.test(status))
    return bad(`${url} rejects the token in the dialplan; create one with "patchbay token add pbx --role integration"`);
  return bad(`something answers at ${url}, but it is not Patchbay`);
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

import { AmiError } from '../../connectors/asterisk/ami/errors.ts';
import { type AsteriskConfig, agiPeersOf } from '../../connectors/asterisk/schema.ts';
import { docsLinks } from '../../domain/base/docs-links.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { holdAgiPort } from './agi-port.ts';
import { examineBackends } from './call-record.ts';
import { type PbxSession, PbxUnreachable, withPbx } from './pbx-session.ts';
import { tryFromPbx } from './try-from-pbx.ts';
import { verdictOn } from './verdict.ts';

/** Examines one connection: AMI login and rights, clock difference, and whether the PBX can reach Patchbay. */
export async function examinePbx(name: string, settings: AsteriskConfig): Promise<readonly Finding[]> {
  const { agi, ami } = settings;
  const held = agi === undefined ? null : await holdAgiPort(name, { ...agi, allow: agiPeersOf(settings) });
  const port: Finding[] = held === null ? [] : [{ what: `${name}: FastAGI`, ...held.finding }];
  const what = `${name}: AMI`;
  try {
    return await withPbx(ami, async (session) => [
      { what, ok: true, detail: `logged in at ${ami.host}:${ami.port}` },
      ...(await rights(name, session)),
      ...(await clocks(name, session)),
      ...(await examineBackends(name, settings, session)),
      ...port,
      ...(await reach(name, settings, session)),
    ]);
  } catch (error) {
    if (!(error instanceof PbxUnreachable || error instanceof AmiError)) throw error;
    return [{ what, ok: false, detail: `${error.message} (see ${docsLinks.amiLogin})` }, ...port];
  } finally {
    await held?.close();
  }
}

const refused = `refused; give the user write=call,reporting as pbx-config prints it (see ${docsLinks.amiRights})`;

async function rights(name: string, { client }: PbxSession): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const action of ['CoreShowChannels', 'DeviceStateList'] as const) {
    const what = `${name}: AMI right to ${action}`;
    try {
      await client.list(action);
      findings.push({ what, ok: true, detail: 'granted' });
    } catch {
      findings.push({ what, ok: false, detail: refused });
    }
  }
  return findings;
}

async function clocks(name: string, { client }: PbxSession): Promise<readonly Finding[]> {
  const sent = Date.now();
  const pong = await client.action('Ping').catch(() => null);
  const theirs = Number(pong?.fields.Timestamp ?? Number.NaN) * 1000;
  if (!Number.isFinite(theirs)) return [];
  const apart = Math.round(Math.abs(theirs - (sent + Date.now()) / 2));
  const ok = apart < 2000;
  return [{ what: `${name}: clocks`, ok, detail: `${apart} ms apart${ok ? '' : '; run NTP on both machines'}` }];
}

/** Without FastAGI, only a PBX that asks by CURL is examined. */
async function reach(name: string, settings: AsteriskConfig, session: PbxSession): Promise<readonly Finding[]> {
  const trial = await tryFromPbx(session);
  if (settings.agi === undefined && trial.url === null) return [];
  const expected = { connection: name, agi: settings.agi ?? null, pbxHost: settings.ami.host };
  return [{ what: `${name}: the PBX's way to Patchbay`, ...verdictOn(trial, expected) }];
}

import { resolve } from 'node:path';
import type { AccessSettings } from '../domain/access/access.ts';
import type { ManagerId } from '../domain/base/ids.ts';
import { localInstant } from '../domain/base/zoned-time.ts';
import type { RecordingRule } from '../domain/call/recording-retention.ts';
import { parsePhone } from '../domain/directory/identifiers.ts';
import type { Absence, Line, Manager } from '../domain/directory/manager.ts';
import { countryOf, type NumberRegion, regionOf } from '../domain/directory/number-region.ts';
import type { Retention } from '../domain/interaction/retention.ts';
import { isPostgres } from '../domain/ports/store.ts';
import type { RoutingPlan } from '../domain/routing/routing.ts';
import type { CannedAnswer } from '../domain/written/canned-answer.ts';
import type { FormSettings } from '../domain/written/form-settings.ts';
import { isNetwork } from '../runtime/networks.ts';
import { toAnswers } from './answers-schema.ts';
import { defaults } from './defaults.ts';
import { isTimezone } from './formats.ts';
import { milliseconds, toFormSettings } from './forms.ts';
import type { MeaningProblem, Report } from './problem.ts';
import type { RecordingRulesFile } from './recordings-schema.ts';
import { toRoutingPlan } from './routing.ts';
import type { ConfigFile } from './schema.ts';
import { toSignature } from './signature.ts';

/** Settings of a connector or destination, validated by its own schema. */
export interface ModuleSettings {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** The configuration as the program uses it: in domain types, with defaults filled in and references checked. */
export interface Config {
  readonly company: {
    readonly name: string;
    readonly country: string;
    /** How numbers without a country code are read. */
    readonly region: NumberRegion;
    readonly timezone: string;
    readonly language: 'ru' | 'en';
    /** Further domains of public mail providers, in lower case. */
    readonly publicMail: readonly string[];
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string;
    /** Proxies whose `X-Forwarded-*` headers are trusted. */
    readonly trustProxy: boolean | readonly string[];
    /** Limit of simultaneous HTTP connections; null to derive it from the limit of open files. */
    readonly maxConnections: number | null;
  };
  readonly access: AccessSettings;
  /** With `retention` null, contacts are kept forever. */
  readonly store: {
    readonly url: string;
    readonly retention: Retention | null;
    /** How long recordings are kept; the first rule that applies counts. */
    readonly recordings: readonly RecordingRule[];
  };
  /** `local`, or the URL of the Redis through which instances share the deliveries. */
  readonly queue: { readonly url: string };
  readonly blobs: { readonly url: string };
  readonly logLevel: string;
  readonly managers: readonly Manager[];
  /** Destinations that are read as directories, in order of precedence. */
  readonly clients: { readonly sources: readonly string[] };
  readonly lines: readonly Line[];
  /** Form settings by line id. */
  readonly forms: Readonly<Record<string, FormSettings>>;
  readonly answers: readonly CannedAnswer[];
  readonly routing: RoutingPlan;
  /** `undo`: milliseconds for which what was written at the desk can be taken back. */
  readonly messages: { readonly undo: number };
  readonly connectors: Readonly<Record<string, ModuleSettings>>;
  readonly destinations: Readonly<Record<string, ModuleSettings>>;
}

/**
 * Converts the validated file into domain types, and reports values that make no sense. Paths are relative to `directory`, the
 * folder of the file.
 */
export function toConfig(file: ConfigFile, directory = '.'): { config: Config; problems: readonly MeaningProblem[] } {
  const problems: MeaningProblem[] = [];
  const report: Report = (path, message) => problems.push({ path: path.map(String), message });
  const timezone = file.company?.timezone ?? defaults.company.timezone;
  if (!isTimezone(timezone))
    report(['company', 'timezone'], 'unknown time zone; expected an IANA name like Europe/Moscow');
  const zone = isTimezone(timezone) ? timezone : 'UTC';
  const country = file.company?.country ?? defaults.company.country;
  const region = regionOf(country, file.company?.areaCode ?? null);
  const host = file.http?.host ?? defaults.http.host;
  const port = file.http?.port ?? defaults.http.port;
  const proxies = Array.isArray(file.http?.trustProxy) ? file.http.trustProxy : [];
  proxies.forEach((proxy, i) => {
    if (!isNetwork(proxy))
      report(['http', 'trustProxy', i], 'expected an address, a network like 10.0.0.0/8, or loopback');
  });
  const signatures = { company: file.company?.name ?? defaults.company.name, directory };
  const managers = (file.managers ?? []).map((manager, i) => {
    const path = ['managers', i];
    const { signature } = manager;
    return {
      ...toManager(manager, path, region, zone, report),
      ...(signature !== undefined && { signature: toSignature(signature, [...path, 'signature'], signatures, report) }),
    };
  });
  const config: Config = {
    company: {
      name: signatures.company,
      country,
      region,
      timezone: zone,
      language: file.company?.language ?? defaults.company.language,
      publicMail: (file.company?.publicMail ?? []).map((domain) => domain.toLowerCase()),
    },
    http: {
      host,
      port,
      publicUrl: (file.http?.publicUrl ?? `http://${host}:${port}`).replace(/\/+$/, ''),
      trustProxy: file.http?.trustProxy ?? defaults.http.trustProxy,
      maxConnections: file.http?.maxConnections ?? null,
    },
    access: {
      scopes: {
        operator: file.access?.scopes?.operator ?? defaults.access.scope,
        supervisor: file.access?.scopes?.supervisor ?? defaults.access.scope,
      },
      reads: {
        alarm: file.access?.reads?.alarm ?? defaults.access.reads.alarm,
        limit: file.access?.reads?.limit ?? defaults.access.reads.limit,
      },
      recordings: file.access?.recordings ?? defaults.access.recordings,
      auditMonths: file.access?.auditMonths ?? defaults.access.auditMonths,
    },
    store: {
      url: storeUrl(file.store?.url ?? defaults.store.url, report),
      retention: toRetention(file.store ?? {}, report),
      recordings: (file.store?.recordings ?? []).map(toRecordingRule),
    },
    queue: { url: file.queue?.url ?? defaults.queue.url },
    blobs: { url: file.blobs?.url ?? defaults.blobs.url },
    logLevel: file.log?.level ?? defaults.log.level,
    managers,
    clients: { sources: file.clients?.sources ?? [] },
    lines: (file.lines ?? []).map((line, i) => {
      if (line.address === undefined && line.channel !== 'form') report(['lines', i, 'address'], 'is missing');
      const { signature, channel } = line;
      const path = ['lines', i, 'signature'];
      if (signature !== undefined && channel !== 'email')
        report(path, 'only lines with `channel: email` have signatures');
      return {
        ...toLine(line),
        ...(signature !== undefined && { signature: toSignature(signature, path, signatures, report) }),
      };
    }),
    answers: toAnswers(file.answers ?? [], directory, report),
    forms: Object.fromEntries(
      (file.lines ?? []).flatMap(({ id, form }) => (form === undefined ? [] : [[id, toFormSettings(form)]])),
    ),
    messages: { undo: milliseconds(file.messages?.undo ?? defaults.messages.undo) },
    routing: toRoutingPlan(file.routing ?? {}, zone, report),
    connectors: (file.connectors ?? {}) as Config['connectors'],
    destinations: (file.destinations ?? {}) as Config['destinations'],
  };
  if (!/^(local$|rediss?:\/\/.)/.test(config.queue.url))
    report(['queue', 'url'], 'expected "local", "redis://…" or (with TLS) "rediss://…"');
  if (!/^(file:|s3:\/\/)/.test(file.blobs?.url ?? 'file:'))
    report(['blobs', 'url'], 'expected "file:PATH" or "s3://…"');
  return { config, problems };
}

/** A relative SQLite path is resolved against the working directory. */
function storeUrl(url: string, report: Report): string {
  if (isPostgres(url)) return url;
  if (!url.startsWith('sqlite:')) {
    report(['store', 'url'], 'expected "sqlite:PATH" or "postgres://…"');
    return url;
  }
  return `sqlite:${resolve(url.slice('sqlite:'.length))}`;
}

function toRecordingRule({ days, when = {} }: RecordingRulesFile[number]): RecordingRule {
  const { kind: kinds, line: lines, state: states, direction: directions } = when;
  return {
    days,
    ...(kinds && { kinds }),
    ...(lines && { lines }),
    ...(states && { states }),
    ...(directions && { directions }),
  };
}

function toRetention({ url = '', retention }: NonNullable<ConfigFile['store']>, report: Report): Retention | null {
  if (retention === undefined) return null;
  const { months, keepDetached = defaults.store.keepDetached } = retention;
  if (keepDetached && !isPostgres(url))
    report(['store', 'retention', 'keepDetached'], 'is supported by PostgreSQL only');
  return { months, keepDetached };
}

type FileManager = NonNullable<ConfigFile['managers']>[number];

function toManager(
  file: FileManager,
  path: readonly (string | number)[],
  region: NumberRegion,
  zone: string,
  report: Report,
): Manager {
  const mobile = file.mobile === undefined ? null : parsePhone(file.mobile, region).phone;
  if (file.mobile !== undefined && mobile === null)
    report([...path, 'mobile'], `expected a phone number, international or of ${countryOf(region)}`);
  const absences = (file.absences ?? []).flatMap((absence, i) => {
    const from = localInstant(absence.from, zone, 'start');
    const to = localInstant(absence.to, zone, 'end');
    if (from === null) report([...path, 'absences', i, 'from'], 'expected a date (2026-12-31) or RFC 3339');
    if (to === null) report([...path, 'absences', i, 'to'], 'expected a date (2026-12-31) or RFC 3339');
    if (from === null || to === null) return [];
    if (to <= from) report([...path, 'absences', i, 'to'], 'expected a moment after `from`');
    const entry: Absence = {
      from,
      to,
      deputy: (absence.deputy ?? null) as ManagerId | null,
      reason: absence.reason ?? null,
    };
    return [entry];
  });
  return {
    id: file.id as ManagerId,
    name: file.name,
    extensions: file.extensions ?? [],
    mobile,
    email: file.email?.toLowerCase() ?? null,
    department: file.department ?? null,
    hours: file.hours ?? null,
    user: file.user ?? null,
    deputy: (file.deputy ?? null) as ManagerId | null,
    absences,
    ...(file.scope !== undefined && { scope: file.scope }),
  };
}

function toLine(file: NonNullable<ConfigFile['lines']>[number]): Line {
  const marks = file.attribution ?? {};
  return {
    id: file.id,
    channel: file.channel ?? defaults.line.channel,
    address: file.address ?? file.id,
    label: file.label ?? file.address ?? file.id,
    connection: file.connection ?? null,
    attribution: { source: marks.source ?? null, medium: marks.medium ?? null, campaign: marks.campaign ?? null },
    route: file.route ?? null,
    ...(file.areaCode !== undefined && { areaCode: file.areaCode }),
    ...(file.pool && {
      pool: { numbers: file.pool.numbers, hold: milliseconds(file.pool.hold ?? defaults.line.pool.hold) },
    }),
  };
}

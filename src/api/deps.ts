import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Registry } from 'prom-client';
import type { QuietLineRow } from '../alarms/quiet-lines.ts';
import type { DeskHub } from '../desk/desk-hub.ts';
import type { DeskAlarm } from '../desk/protocol.ts';
import type { AccessSettings } from '../domain/access/access.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { CallAction } from '../domain/call/call-command.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { AnswerWindow } from '../domain/outbound/answer-window.ts';
import type { OutboundChannel } from '../domain/outbound/outbound.ts';
import type { TemplateList } from '../domain/outbound/template.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { ConnectionState } from '../domain/ports/connection-state.ts';
import type { HookReceiver } from '../domain/ports/hooks.ts';
import type { ContactReader } from '../domain/ports/readers.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { RouteAnswer, RouteQuestion, RoutingPlan } from '../domain/routing/routing.ts';
import type { CannedAnswer } from '../domain/written/canned-answer.ts';
import type { FormSettings } from '../domain/written/form-settings.ts';
import type { Quarantine } from '../intake/quarantine.ts';
import type { Check } from '../intake/store-check.ts';
import type { CallBacks } from '../outbound/call-backs.ts';
import type { CallCommands } from '../outbound/call-commands.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Jobs } from '../runtime/jobs/job.ts';
import type { Logger } from '../runtime/log.ts';

/** Everything the API needs from the rest of the program. */
export interface ApiDeps {
  readonly store: {
    /** Contacts and clients are read only `under` a view: see `readerOf` in `principal.ts`. */
    readonly read: Omit<Store['read'], keyof ContactReader>;
    readonly directory: Store['directory'];
  };
  /** The intake. Changes of interactions go through it, so that desks and deliveries hear of them. */
  readonly intake: { apply(writes: readonly Write[]): Promise<readonly WriteResult[]> };
  /** Matches and routes in the routing thread. Answers within the deadline or rejects. */
  readonly answer: (question: RouteQuestion) => Promise<RouteAnswer>;
  /** The dial string of an answer on a connection. Empty for `queue` and `default`. */
  readonly dial: (connection: string | null, answer: RouteAnswer) => string;
  readonly connections: () => readonly ConnectionState[];
  /** The receiver of a connection's webhooks on this instance, or null. */
  readonly hookReceiver: (connection: string) => HookReceiver | null;
  /** Connections that can send letters, messages or calls, in the order of the configuration. */
  readonly sending: () => readonly SendingConnection[];
  /** The message templates of a connection; null if it has none. Rejects with a ServiceError. `isFresh`: read from the service now. */
  readonly templates: (connection: string, isFresh: boolean) => Promise<TemplateList> | null;
  /** Commands to calls under way. */
  readonly commands: Pick<CallCommands, 'request' | 'pickUp' | 'find'>;
  /** What the configured connections can do to calls under way. */
  readonly controls: () => readonly CallAction[];
  /** Calls a manager for a form that asks for a call back. */
  readonly callBacks: Pick<CallBacks, 'begin'>;
  /** Storage of attachments. */
  readonly blobs: Blobs;
  /** Keeps contacts that can't be taken in because of a defect in Patchbay, and retries them on request. */
  readonly quarantine: Pick<Quarantine, 'keepEvent'> & { retry(): void };
  /** Runs jobs away from the main thread and within a deadline: letters are made safe to show. */
  readonly jobs: Jobs;
  readonly alarms: () => readonly DeskAlarm[];
  readonly quietLines: () => Promise<readonly QuietLineRow[]>;
  readonly checks: () => Promise<readonly Check[]>;
  /** The current managers and lines. Replaced on SIGHUP. */
  readonly staff: () => Staff;
  /** Settings of forms by the id of their line. Lines without settings have the defaults. Replaced on SIGHUP. */
  readonly forms: () => Readonly<Record<string, FormSettings>>;
  /** Texts that operators insert into their answers. Replaced on SIGHUP. */
  readonly cannedAnswers: () => readonly CannedAnswer[];
  /** Who sees how much. Replaced on SIGHUP. */
  readonly access: () => AccessSettings;
  /** The current routing plan. Its working hours decide when tasks fall due. */
  readonly plan: () => RoutingPlan;
  readonly desk: DeskHub;
  readonly metrics: Registry;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. Default: `performance.now()`. */
  readonly elapsed?: () => number;
  readonly log: Logger;
  readonly settings: ApiSettings;
}

/** A connection that can send: on which channel, and whom it can start a conversation with. */
export interface SendingConnection {
  readonly connection: string;
  readonly channel: OutboundChannel;
  readonly to: 'email' | 'phone' | 'account';
  /** Its own address, if it has one. */
  readonly address?: string;
  /** Ids of its lines. */
  readonly lines: readonly string[];
  /** The name of the service, for people. Default: the connection's. */
  readonly provider?: string;
  /** How long the service takes free text; absent: always. */
  readonly window?: AnswerWindow;
  /** Why nobody can be written to before they write or do something else. */
  readonly unreached?: Reason;
}

/** What the configuration says about the API. */
export interface ApiSettings {
  /** Name of the company. */
  readonly company: string;
  /** Region of phone numbers without a country code. */
  readonly country: string;
  /** Domains of public mail services, in addition to the well-known ones. */
  readonly publicMail?: readonly string[];
  /** Language of texts for visitors and letters. */
  readonly language: 'ru' | 'en';
  /** IANA time zone in which the page shows times. */
  readonly timezone: string;
  /** The address at which browsers reach us. `https:` makes cookies Secure. */
  readonly publicUrl: string;
  /** Addresses and networks whose `X-Forwarded-*` headers are trusted. True: all. Default: loopback. */
  readonly trustProxy?: boolean | readonly string[];
  /** Simultaneous HTTP connections. Default: derived from the process's limit of open files. */
  readonly maxConnections?: number;
  /** Folder of the built page, or null when it is not built. */
  readonly webRoot: string | null;
  /** Folder of the built documentation, or null when it is not built. */
  readonly docsRoot?: string | null;
  /** The built script for forms on other sites, or null when it is not built. */
  readonly widgetFile?: string | null;
  /** The one-time code of the first set-up. Null when there are users already. */
  readonly setupCode: string | null;
  /** Milliseconds a routing question may take before the answer is `default`. */
  readonly routeDeadline: number;
  /** Milliseconds for which a message sent with `undo` can be taken back. */
  readonly undo: number;
  /** Failed logins before delays begin, per login or browser, and ten times as many per address. Default: 10. */
  readonly loginAttempts?: number;
  /** Lifetime of a browser's session in milliseconds. Default: 12 h. */
  readonly sessionLifetime?: number;
}

/** Fastify, as this folder uses it. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

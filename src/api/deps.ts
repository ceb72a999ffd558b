import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Registry } from 'prom-client';
import type { QuietLineRow } from '../alarms/quiet-lines.ts';
import type { DeskHub } from '../desk/desk-hub.ts';
import type { DeskAlarm } from '../desk/protocol.ts';
import type { AccessSettings } from '../domain/access/access.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { OutboundChannel } from '../domain/outbound/outbound.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { ConnectionState } from '../domain/ports/connection-state.ts';
import type { HookReceiver } from '../domain/ports/hooks.ts';
import type { ContactReader } from '../domain/ports/readers.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { RouteAnswer, RouteQuestion, RoutingPlan } from '../domain/routing/routing.ts';
import type { FormSettings } from '../domain/written/form-settings.ts';
import type { Quarantine } from '../intake/quarantine.ts';
import type { Check } from '../intake/store-check.ts';
import type { CallBacks } from '../outbound/call-backs.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Jobs } from '../runtime/jobs/job.ts';
import type { Logger } from '../runtime/log.ts';

/** Everything the API needs of the rest of the program. */
export interface ApiDeps {
  readonly store: {
    /** Contacts and clients are read `under` a view only: see `readerOf` in `principal.ts`. */
    readonly read: Omit<Store['read'], keyof ContactReader>;
    readonly directory: Store['directory'];
  };
  /** The intake: what changes interactions goes through it, so that desks and deliveries hear of it. */
  readonly intake: { apply(writes: readonly Write[]): Promise<readonly WriteResult[]> };
  /** Match and route, as the routing thread does it; answers within the deadline or rejects. */
  readonly answer: (question: RouteQuestion) => Promise<RouteAnswer>;
  /** The dial string of an answer on a connection; empty for queue and default. */
  readonly dial: (connection: string | null, answer: RouteAnswer) => string;
  readonly connections: () => readonly ConnectionState[];
  /** Who takes the webhooks of a connection on this instance, or null. */
  readonly hookReceiver: (connection: string) => HookReceiver | null;
  /** The connections that letters, messages and calls can leave by, in the order of the configuration. */
  readonly sending: () => readonly SendingConnection[];
  /** Rings one of ours for a form that asks for a call. */
  readonly callBacks: Pick<CallBacks, 'begin'>;
  /** Where attachments are. */
  readonly blobs: Blobs;
  /** Keeps what can't be taken in by a fault of ours, and tries it again when asked. */
  readonly quarantine: Pick<Quarantine, 'keepEvent'> & { retry(): void };
  /** Makes letters safe to show, within a deadline and away from the main thread. */
  readonly jobs: Jobs;
  readonly alarms: () => readonly DeskAlarm[];
  readonly quietLines: () => Promise<readonly QuietLineRow[]>;
  readonly checks: () => Promise<readonly Check[]>;
  /** Managers and lines as they are now; replaced on SIGHUP. */
  readonly staff: () => Staff;
  /** Settings of forms by the id of their line; a line without any has the defaults. Replaced on SIGHUP. */
  readonly forms: () => Readonly<Record<string, FormSettings>>;
  /** Who sees how much; replaced on SIGHUP. */
  readonly access: () => AccessSettings;
  /** The routing plan as it is now: tasks fall due by its working hours. */
  readonly plan: () => RoutingPlan;
  readonly desk: DeskHub;
  readonly metrics: Registry;
  readonly clock: Clock;
  /** Milliseconds of a clock that nobody sets; the process's own by default. */
  readonly elapsed?: () => number;
  readonly log: Logger;
  readonly settings: ApiSettings;
}

/** A connection that can send: what, and whom it can begin a conversation with. */
export interface SendingConnection {
  readonly connection: string;
  readonly channel: OutboundChannel;
  readonly to: 'email' | 'phone' | 'account';
  /** Its own address, where it has one. */
  readonly address?: string;
  /** Ids of the lines that are its own. */
  readonly lines: readonly string[];
}

/** What the configuration says about the API. */
export interface ApiSettings {
  /** Country of numbers written without it. */
  readonly country: string;
  /** Domains at which anybody has a mailbox, beside the well-known ones. */
  readonly publicMail?: readonly string[];
  /** Language of what is said to visitors and written for people. */
  readonly language: 'ru' | 'en';
  /** IANA zone that the page shows times in. */
  readonly timezone: string;
  /** How browsers reach us; `https:` makes the cookie Secure. */
  readonly publicUrl: string;
  /** Addresses and networks whose `X-Forwarded-*` headers are believed; true for all; the loopback by default. */
  readonly trustProxy?: boolean | readonly string[];
  /** HTTP connections at a time; worked out from the process's limit of open files by default. */
  readonly maxConnections?: number;
  /** Folder of the built page, or null while there is none. */
  readonly webRoot: string | null;
  /** Folder of the built documentation, or null while there is none. */
  readonly docsRoot?: string | null;
  /** The built script for forms of other sites, or null while there is none. */
  readonly widgetFile?: string | null;
  /** The one-time code of the first set-up; null when there are users already. */
  readonly setupCode: string | null;
  /** Milliseconds a question for a route may take before `default` is answered. */
  readonly routeDeadline: number;
  /** Failed attempts to log in before delays begin, per login or browser and (ten times as many) per address; 10 by default. */
  readonly loginAttempts?: number;
  /** How long a browser's session lasts, in milliseconds; 12 h by default. */
  readonly sessionLifetime?: number;
}

/** Fastify as this folder uses it. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

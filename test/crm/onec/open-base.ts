import { Value } from 'typebox/value';
import type { CoreContext } from '../../../src/crm/contract.ts';
import { openParts } from '../../../src/crm/onec/open-parts.ts';
import type { OnecParts } from '../../../src/crm/onec/parts.ts';
import { type OnecConfig, OnecSchema } from '../../../src/crm/onec/schema.ts';
import type { Reason } from '../../../src/domain/base/reason.ts';
import type { Staff } from '../../../src/domain/directory/manager.ts';
import { createLogger } from '../../../src/runtime/log.ts';
import { staff as usualStaff } from '../../support/office.ts';
import type { Onec } from '../../support/onec/onec.ts';
import type { OnecOptions } from '../../support/onec/options.ts';
import type { MovedClock } from '../bitrix24/portal/start.ts';
import { settingsOf } from './directory/reading.ts';
import { start } from './scripted/start.ts';

/** A core's parts beside a scripted 1C, without a store. */
export interface OpenedBase {
  readonly onec: Onec;
  readonly clock: MovedClock;
  /** The reported states. */
  readonly states: string[];
  readonly reasons: Reason[];
  /** What is kept through a restart. */
  readonly kept: Map<string, string>;
  /** Opens the parts, as after a restart. */
  open(more?: Readonly<Record<string, unknown>>): OnecParts;
}

/** Starts a scripted 1C, and a context for its core. */
export async function openBase(options: OnecOptions = {}, staff: Staff = usualStaff): Promise<OpenedBase> {
  const { onec, clock } = await start(options);
  const states: string[] = [];
  const reasons: Reason[] = [];
  const kept = new Map<string, string>();
  const context: Partial<CoreContext> = {
    name: 'base',
    clock,
    log: createLogger({ level: 'silent' }),
    cursor: {
      get: async (name) => kept.get(name) ?? null,
      set: async (name, value) => void kept.set(name, value),
    },
    staff: () => staff,
    timezone: 'Europe/Moscow',
    reportState(health, reason) {
      states.push(health);
      if (reason !== null) reasons.push(reason);
    },
  };
  return {
    onec,
    clock,
    states,
    reasons,
    kept,
    open(more = {}) {
      const config = Value.Parse(OnecSchema, settingsOf(onec, more)) as OnecConfig;
      return openParts(config, context as CoreContext);
    },
  };
}

/** A limit for one request of a test. */
export const signal = () => AbortSignal.timeout(10_000);

import type { CoreContext } from '../contract.ts';
import type { Base } from './api/base.ts';
import type { Metadata } from './metadata/metadata.ts';
import type { PageOrder } from './paging.ts';
import type { OnecConfig } from './schema.ts';
import type { Users } from './users/users.ts';

/** What the parts of this core share. */
export interface OnecParts {
  readonly config: OnecConfig;
  readonly context: CoreContext;
  readonly base: Base;
  readonly metadata: Metadata;
  readonly users: Users;
  /** How pages of this base follow each other. Found out once. */
  readonly order: (signal: AbortSignal) => Promise<PageOrder>;
  /** The address of the base in the browser, without a slash at the end. */
  readonly webUrl: string;
  /** The zone of the base's dates. */
  readonly timezone: string;
}

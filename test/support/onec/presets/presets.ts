import type { Preset } from '../metadata/description.ts';
import { bp3 } from './bp3.ts';
import { crm3 } from './crm3.ts';
import { crm3InUt } from './crm3-in-ut.ts';
import { erp2 } from './erp2.ts';
import { ka2 } from './ka2.ts';
import { unf } from './unf.ts';
import { ut11 } from './ut11.ts';

/** All presets by name. */
export const presets = {
  ut11,
  ka2,
  erp2,
  unf,
  crm3,
  'crm3-in-ut': crm3InUt,
  bp3,
} as const satisfies Readonly<Record<string, Preset>>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

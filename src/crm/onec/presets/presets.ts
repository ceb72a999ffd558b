import { bp3 } from './bp3.ts';
import { crm3 } from './crm3.ts';
import { erp2 } from './erp2.ts';
import { ka2 } from './ka2.ts';
import type { Preset } from './preset.ts';
import { unf } from './unf.ts';
import { ut11 } from './ut11.ts';

/** All presets by name. A new one needs a file and a line here. */
export const presets = { ut11, ka2, erp2, unf, crm3, bp3 } as const satisfies Readonly<Record<string, Preset>>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/** The names of all presets. */
export const presetNames = Object.keys(presets) as readonly PresetName[];

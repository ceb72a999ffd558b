import { trade } from './parts/trade.ts';
import type { Preset } from './preset.ts';

/** Управление торговлей 11. */
export const ut11: Preset = { ...trade, name: 'ut11', title: 'Управление торговлей 11' };

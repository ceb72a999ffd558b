import { trade } from './parts/trade.ts';
import type { Preset } from './preset.ts';

/** Комплексная автоматизация 2. */
export const ka2: Preset = { ...trade, name: 'ka2', title: 'Комплексная автоматизация 2' };

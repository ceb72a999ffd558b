import { trade } from './parts/trade.ts';
import type { Preset } from './preset.ts';

/** ERP Управление предприятием 2. */
export const erp2: Preset = { ...trade, name: 'erp2', title: 'ERP Управление предприятием 2' };

import type { Preset } from '../metadata/description.ts';
import { tradeObjects, unverifiedTradeObjects } from './ut11.ts';

/** 1С:ERP Управление предприятием 2.5. */
export const erp2: Preset = {
  name: 'erp2',
  title: 'ERP Управление предприятием 2.5.17.219',
  objects: tradeObjects,
  unverified: unverifiedTradeObjects,
};

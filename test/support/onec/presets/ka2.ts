import type { Preset } from '../metadata/description.ts';
import { ut11 } from './ut11.ts';

/** 1С:Комплексная автоматизация 2.5. */
export const ka2: Preset = {
  ...ut11,
  name: 'ka2',
  title: 'Комплексная автоматизация 2.5 (as read in ERP 2.5.17.219 and БСП 3.1.9)',
};

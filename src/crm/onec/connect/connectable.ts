import type { Connectable } from '../../contract.ts';
import type { OnecParts } from '../parts.ts';
import { examineBase } from './examine.ts';
import { guideOf } from './guide.ts';

/** How the core is connected with help of the command line. 1C needs no installation of ours, so nothing is waited for. */
export function connectable(parts: OnecParts): Connectable {
  return {
    guide: () => guideOf(parts.config, parts.metadata.preset),
    isConnected: async () => true,
    examine: (signal) => examineBase(parts, signal),
  };
}

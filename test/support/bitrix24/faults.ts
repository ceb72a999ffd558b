import { type CommonFault, ServiceFaults } from '../service-faults.ts';

/** How a call of the portal goes wrong. */
export type FaultKind = CommonFault | 'overload' | 'too-many' | 'rests' | 'expired' | 'no-subscription';

/** Switches by which a test makes the portal fail. */
export class Faults extends ServiceFaults<FaultKind> {}

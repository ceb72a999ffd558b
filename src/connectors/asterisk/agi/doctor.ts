import { type AgiRequest, setVariable } from './request.ts';

/** The context of the printed dialplan by which `patchbay doctor` lets the PBX try its way to us, and its extension. */
export const doctorPlace = { context: 'patchbay-doctor', extension: 'try' } as const;

/** Channel variables that tell how the PBX fared. The printed AMI account lets `PATCHBAY_…` through. */
export const doctorVariables = {
  /** Names one try; given with the Originate. */
  id: 'PATCHBAY_DOCTOR_ID',
  /** Where the dialplan says that we are. */
  url: 'PATCHBAY_DOCTOR_URL',
  /** What our FastAGI server said: the try's id and its connection. */
  answer: 'PATCHBAY_DOCTOR_ANSWER',
  /** AGISTATUS, or the beginning of what CURL() brought. Set last. */
  status: 'PATCHBAY_DOCTOR_STATUS',
} as const;

/** The commands that answer `agi://…/doctor?id=ID`: who was reached. Nothing is decided and nothing recorded. */
export function doctorAnswer(request: AgiRequest, connection: string): readonly string[] {
  const id = (request.query.get('id') ?? '').replace(/[^\w.-]/g, '').slice(0, 64);
  return [setVariable(doctorVariables.answer, `${id} ${connection}`)];
}

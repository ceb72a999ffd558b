import { type AgiRequest, setVariable } from './request.ts';

/** Context and extension in the printed dialplan with which `patchbay doctor` tests the way from the PBX to us. */
export const doctorPlace = { context: 'patchbay-doctor', extension: 'try' } as const;

/** Channel variables with the result of the test. The event filter of the printed AMI account lets `PATCHBAY_…` pass. */
export const doctorVariables = {
  /** Id of the test, set by the Originate. */
  id: 'PATCHBAY_DOCTOR_ID',
  /** Our URL in the dialplan. */
  url: 'PATCHBAY_DOCTOR_URL',
  /** Answer of our FastAGI server: the id of the test, and the connection. */
  answer: 'PATCHBAY_DOCTOR_ANSWER',
  /** AGISTATUS, or the beginning of the result of CURL(). Set last. */
  status: 'PATCHBAY_DOCTOR_STATUS',
} as const;

/** The commands that answer `agi://…/doctor?id=ID` with the connection that was reached. Nothing is routed or recorded. */
export function doctorAnswer(request: AgiRequest, connection: string): readonly string[] {
  const id = (request.query.get('id') ?? '').replace(/[^\w.-]/g, '').slice(0, 64);
  return [setVariable(doctorVariables.answer, `${id} ${connection}`)];
}

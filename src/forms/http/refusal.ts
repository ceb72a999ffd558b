import { Problem, type ProblemDetail, type ProblemSlug } from '../../api/problem.ts';

/** Why a submission was rejected. Also a label of the metric `patchbay_forms_total`. */
export type RefusalReason =
  | 'unknown_line'
  | 'origin'
  | 'token'
  | 'rate'
  | 'too_large'
  | 'unreadable'
  | 'empty'
  | 'consent'
  | 'captcha'
  | 'unavailable';

/** A rejected submission: a problem with the reason for the metric. */
export class FormRefusal extends Problem {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, slug: ProblemSlug, detail: string, details: readonly ProblemDetail[] = []) {
    super(slug, detail, details);
    this.reason = reason;
  }
}

import type { MatchDecision } from '../domain/directory/match.ts';
import type { RouteAnswer } from '../domain/routing/routing.ts';

const marks = { applied: '+', skipped: '-', noted: '*' } as const;

/** The output of `patchbay explain`: the caller with the evidence, and each step of the decision. */
export function explainRoute(match: MatchDecision, answer: RouteAnswer): readonly string[] {
  return [...matchLines(match), ...traceLines(answer), `Decision: ${answer.decision}${destination(answer)}`];
}

function matchLines(match: MatchDecision): readonly string[] {
  const by = match.decidedBy === 'human' ? `, chosen by ${match.by?.name ?? 'a human'} ${match.chosenAt ?? ''}` : '';
  const heading = `Match: ${match.outcome}${match.client === null ? '' : ` ${label(match.client)}`}${by.trimEnd()}`;
  const candidates = match.candidates.map((candidate) => {
    const contact = candidate.contact === null ? '' : `, contact ${label(candidate.contact)}`;
    return `  ${label(candidate.client)}${contact}: ${candidate.why.join('; ')}`;
  });
  return [heading, ...candidates];
}

function traceLines(answer: RouteAnswer): readonly string[] {
  return ['Trace:', ...answer.trace.map((step) => `  ${marks[step.outcome]} ${step.rule}: ${step.why}`)];
}

function destination(answer: RouteAnswer): string {
  if (answer.queue !== null) return ` → queue ${answer.queue}`;
  if (answer.managers.length === 0) return '';
  const ends = answer.managers.map((one) => `${one.manager.name} (${one.extension})`);
  return ` → ${ends.join(', ')} for ${answer.timeout} s`;
}

function label(one: { readonly id: string; readonly name: string }): string {
  return `${one.name} [${one.id}]`;
}

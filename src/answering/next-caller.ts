import type { ChosenCaller, RouteAnswer, RouteQuestion } from '../domain/routing/routing.ts';

interface Router {
  answer(question: RouteQuestion): RouteAnswer;
  keep(question: RouteQuestion, answer: RouteAnswer): Promise<void>;
}

/** Who is to call somebody now: routing is asked as for a call of theirs on each PBX that can call, until it names a telephone. */
export function nextCaller(
  router: Router,
  wish: {
    readonly connections: readonly string[];
    readonly phone: string;
    readonly line: string | null;
    readonly tried: readonly string[];
    readonly at: number;
  },
): ChosenCaller | null {
  const { connections, ...rest } = wish;
  for (const connection of connections) {
    const question = { ...rest, connection, call: null };
    const answer = router.answer(question);
    const [first] = answer.managers;
    if (first === undefined) continue;
    const { manager, extension } = first;
    return { connection, manager, extension, keep: (call) => router.keep({ ...question, call }, answer) };
  }
  return null;
}

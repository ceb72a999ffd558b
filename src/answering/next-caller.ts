import type { ChosenCaller, RouteAnswer, RouteQuestion } from '../domain/routing/routing.ts';

interface Router {
  answer(question: RouteQuestion): RouteAnswer;
  keep(question: RouteQuestion, answer: RouteAnswer): Promise<void>;
}

/**
 * Chooses who calls a visitor back. Routing is asked as if the visitor called, on one PBX after the other, until it names a
 * manager with a phone. Null if there is none.
 */
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

import type { CannedAnswerView } from '../../domain/written/canned-answer.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow } from '../principal.ts';
import { answers, pageOf, ref, schemaRef } from '../schemas/common.ts';
import { LineSchema } from '../schemas/conversations.ts';
import { answerFileRoutes, answerView } from './answer-files.ts';

const tags = ['conversations'];

/** What the page offers to choose from: lines, and canned answers. Both come from the configuration. */
export function choiceRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const lines = {
    operationId: 'listLines',
    summary: 'List lines',
    tags,
    response: answers({ 200: pageOf(ref(LineSchema)) }),
  };
  app.get('/lines', { onRequest, schema: lines }, async () => ({
    items: deps.staff().lines.map(({ id, label, channel }) => ({ id, label, channel })),
    next: null,
  }));

  const canned = {
    operationId: 'listCannedAnswers',
    summary: 'List canned answers',
    description: 'As configured, with their variables. The page fills them in.',
    tags,
    response: answers({ 200: pageOf(schemaRef<CannedAnswerView>('CannedAnswer')) }),
  };
  app.get('/answers', { onRequest, schema: canned }, async () => ({
    items: deps.cannedAnswers().map(answerView),
    next: null,
  }));
  answerFileRoutes(app, deps);
}

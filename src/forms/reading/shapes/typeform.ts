import { type FormObject, type FormShape, listOf, objectOf, type Question, textOf } from './shape.ts';

/** Typeform: `form_response` with the questions in its definition and the answers apart. */
export const typeform: FormShape = {
  service: 'typeform',
  rewrite(body) {
    const response = objectOf(body.form_response);
    const answers = response === null ? null : listOf(response.answers);
    if (response === null || answers === null) return null;
    const titles = new Map<string, string>();
    for (const one of listOf(objectOf(response.definition)?.fields) ?? []) {
      const { id, ref, title } = objectOf(one) ?? {};
      for (const key of [id, ref]) if (textOf(key) !== '') titles.set(textOf(key), textOf(title));
    }
    const questions = answers.flatMap((one): Question[] => {
      const answer = objectOf(one);
      const field = objectOf(answer?.field);
      if (answer === null) return [];
      const key = [field?.id, field?.ref].map(textOf).find((name) => titles.has(name)) ?? '';
      const type = textOf(answer.type);
      return [{ label: titles.get(key) || textOf(field?.ref) || type, value: answerOf(answer, type), type }];
    });
    const test = isSample(questions) ? { test: 'test' } : {};
    return {
      ...objectOf(response.hidden),
      submission_id: textOf(response.token),
      ...test,
      answers: test.test ? [] : questions,
    };
  },
};

/** The value stands under the name of its type: `{type: "choice", choice: {label}}`. */
function answerOf(answer: FormObject, type: string): unknown {
  const value = answer[type];
  const object = objectOf(value);
  if (object === null) return value;
  const labels = [...(listOf(object.labels) ?? []), object.label, object.other].map(textOf);
  const chosen = labels.filter((text) => text !== '').join(', ');
  return chosen === '' ? Object.values(object).map(textOf).filter(Boolean).join(' ') : chosen;
}

/** What "Send test request" in Typeform's settings fills in. */
function isSample(questions: readonly Question[]): boolean {
  return (
    questions.length > 0 &&
    questions.every(({ type, value }) => {
      if (type === 'text') return value === 'Lorem ipsum dolor';
      if (type === 'email') return value === 'an_account@example.com';
      return type !== 'phone_number';
    }) &&
    questions.some(({ type }) => type === 'text' || type === 'email')
  );
}

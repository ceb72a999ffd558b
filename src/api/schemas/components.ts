import { CallBackSchema, FormTakenSchema, ShownNumberSchema } from '../../forms/http/schemas.ts';
import { answerComponents } from './answers.ts';
import { callCommandComponents } from './call-commands.ts';
import { NamedSchema, ProblemSchema } from './common.ts';
import { conversationComponents } from './conversations.ts';
import { LeadSchema, TaskSchema } from './follow-ups.ts';
import { interactionComponents } from './interaction.ts';
import { peopleComponents } from './people.ts';
import { requestComponents } from './requests.ts';
import { transcriptComponents } from './transcripts.ts';
import { writingComponents } from './writing.ts';

/** The schemas that the OpenAPI document names. Each has its name as its `$id`. */
export const componentSchemas = [
  ProblemSchema,
  NamedSchema,
  ...interactionComponents,
  ...answerComponents,
  LeadSchema,
  TaskSchema,
  ...conversationComponents,
  ...peopleComponents,
  ...writingComponents,
  ...requestComponents,
  ...transcriptComponents,
  ...callCommandComponents,
  FormTakenSchema,
  CallBackSchema,
  ShownNumberSchema,
] as const;

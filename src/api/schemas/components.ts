import {
  AlarmSchema,
  ClientSchema,
  ConnectionSchema,
  DeliverySchema,
  ImportReportSchema,
  MatchSchema,
  QuarantinedSchema,
  QuietLineSchema,
  RouteSchema,
  SessionSchema,
  UndeliverableSchema,
} from './answers.ts';
import { ProblemSchema } from './common.ts';
import { LeadSchema, TaskSchema } from './follow-ups.ts';
import { InteractionSchema } from './interaction.ts';
import { AuditEntrySchema, BrowserSchema, TokenSchema, UserSchema } from './people.ts';

/** The schemas that the OpenAPI document names, each by its `$id`. */
export const componentSchemas = [
  ProblemSchema,
  InteractionSchema,
  ClientSchema,
  ImportReportSchema,
  MatchSchema,
  RouteSchema,
  QuarantinedSchema,
  DeliverySchema,
  ConnectionSchema,
  AlarmSchema,
  QuietLineSchema,
  SessionSchema,
  LeadSchema,
  TaskSchema,
  UndeliverableSchema,
  UserSchema,
  TokenSchema,
  BrowserSchema,
  AuditEntrySchema,
] as const;

/** An edit of a message in the messenger. */
export interface Edit {
  readonly at: string;
  /** The text before it; null if that was not received. */
  readonly text: string | null;
}

/** One of the messages that a service shows as one, or that one of ours was sent in. */
export interface MessagePart {
  /** Derived from the key of the message in the service. */
  readonly id: string;
  readonly text: string | null;
  /** Ids of its attachments. */
  readonly attachments: readonly string[];
  /** When it was last edited, by the service's clock. */
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
}

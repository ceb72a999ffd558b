/** Subjects of bounces, in the words of the world's mail servers. */
export const bounceSubjects: readonly RegExp[] = [
  /undeliver(?:able|ed)|non[- ]?deliver(?:y|able)|returned mail|return(?:ed|ing) (?:message )?to sender|failure notice|failed mail/i,
  /\b(?:mail|message|letter|e-?mail)s? (?:error|delivery|system error|failure|undeliverable|delayed|status|rejected|not delivered)/i,
  /\bdeliver(?:y|ed) (?:\S{1,20} )?(?:\S{0,4}fail|problem|error|report|status|notification|delayed|rejected)|(?:failed|failure|problem|error),? (?:\S{1,10} )?deliver/i,
  /(?:could|can|did)(?: ?not|n't) (?:be )?(?:deliver|send|sent|reach)|rejected (?:mail|message|email)|bounced? (?:mail|message)/i,
  /user unknown|warning: (?:could not|message)|complaint about message|spam report|abuse report|email feedback report|mail system error/i,
  /unzustellbar|nicht zugestellt|nicht zustellbar|zustellung|non remis|échec de (?:la )?remise|(?:no se puede|no se ha podido) entregar|no entregado|niet bezorg/i,
  /не ?доставлен|не удалось доставить|невозможно доставить|невозможность доставки|ошибка доставки|доставка.{0,20}(?:невозможна|не удалась|отложена)/i,
  /возврат(?:щено)? (?:письма|сообщения)|не может быть доставлен|не вдалося доставити|не доставлено/i,
  /配信|不達|送信|届け|メールエラー|退信|投递|投遞|반송|배달/,
];

/** Sentences of bounces. */
export const bounceSentences: readonly RegExp[] = [
  /(?:was|were|could|can|has|have|will)(?: ?not|n't) (?:be |been )?(?:deliver|sen[dt]|reach)|not deliverable|undeliver(?:ed|able)/i,
  /\b(?:un|not )able to (?:be )?(?:deliver|send)|failed to deliver|could not deliver|deliver(?:y)? (?:to the following|to these|failed|has failed|error|status|failure)/i,
  /following (?:e-?mail |mail )?(?:address|recipient|destination|user)(?:es|s|\(es\)|\(s\))?.{0,30}(?:had|failed|was|were|is|are|could|has|have|cannot)/i,
  /permanent (?:fatal )?(?:errors?|failure)|did(?: ?not|n't) reach|returned (?:to (?:sender|you)|mail|message)|returning message|bounced? (?:message|mail|back)/i,
  /reporting-mta|final-recipient|diagnostic-code|remote host said|smtp error|transcript of session|mail delivery software|mail transport/i,
  /\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}|\b55\d[ -]/,
  /no such (?:user|mailbox|address|person|recipient)|unknown (?:user|recipient|local|address)|invalid (?:recipient|address|mailbox)/i,
  /(?:user|recipient|mailbox|address|account|domain)s? .{0,20}(?:unknown|not found|disabled|full|rejected|unavailable|does not exist|doesn't exist|not known|not exist)/i,
  /over ?quota|quota exceeded|host (?:unknown|not found)|exceeded.{0,20}(?:quota|storage|limit)/i,
  /не (?:было |может быть |удалось |была )?(?:доставлен|доставить)|невозможно доставить|доставить (?:письмо|сообщение) (?:не|невозможно)|возвращен[оа]? отправителю/i,
  /нет такого (?:пользователя|адресата|ящика)|ящик (?:\S{1,40} )?(?:не существует|переполнен|не найден|отключ|заблокирован)|(?:пользователь|адрес) (?:\S{1,60} )?не (?:существует|найден)/i,
  /unzustellbar|nicht zugestellt|konnte nicht|non (?:è stato|recapit|remis)|no (?:se ha podido|pudo ser|se pudo) entreg|配信|届け|送信でき|退信|投递|반송/i,
];

/** Words of mail, which tell a bounce from a letter about goods. */
export const mailWords: readonly RegExp[] = [
  /\b(?:e-?mail|mail|message|mailbox|recipient|smtp|mailserver|mta)s?\b/i,
  /письм|сообщени|почтов|получател|адресат|ящик/i,
  /メール|邮件|郵件|메일/,
];

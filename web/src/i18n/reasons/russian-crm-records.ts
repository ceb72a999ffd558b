import type { crmRecordPhrases } from '../../../../src/domain/reasons/crm-records.ts';

/** Problems of what CRM cores record. */
export const crmRecords: Readonly<Record<keyof typeof crmRecordPhrases, string>> = {
  stepUnsettled: '{service}, возможно, ещё выполняет предыдущий запрос',
  earlierMessageFirst: '{service} ещё не принял более раннее сообщение этой переписки',
  cardGone: 'в {service} больше нет карточки {card}; ждём, пока справочник обновится',
  cardNotYet: 'в {service} ещё нет карточки',
  stageUnknown: 'в {service} нет стадии {stage}: исправьте настройку и повторите',
  callsStay: 'в {service} остаются звонки удалённого клиента ({count}), удалить их можно только там: {card}',
};

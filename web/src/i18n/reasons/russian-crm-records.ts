import type { crmRecordPhrases } from '../../../../src/domain/reasons/crm-records.ts';

/** Problems of what CRM cores record. */
export const crmRecords: Readonly<Record<keyof typeof crmRecordPhrases, string>> = {
  stepUnsettled: '{service}, возможно, ещё выполняет предыдущий запрос',
  earlierMessageFirst: '{service} ещё не принял более раннее сообщение этой переписки',
  cardGone: 'в {service} больше нет карточки {card}; ждём, пока справочник обновится',
  cardNotYet: 'в {service} ещё нет карточки',
  stageUnknown: 'в {service} нет стадии {stage}: исправьте настройку и повторите',
  callsStay: 'в {service} остаются звонки удалённого клиента ({count}), удалить их можно только там: {card}',
  callFixed: '{service} не даёт менять завершённый звонок',
  talkersChanged: 'менеджеры этого звонка теперь другие пользователи {service}: их разговоры записались бы повторно',
  statisticsStay: '{service} хранит лишний звонок в статистике, удалить его оттуда нельзя; дела у него уже нет',
  soundGone: 'записи разговора у нас больше нет',
  tooOldToMake: 'из обращений старше {days} дней лиды и сделки не создаются',
};

import type { controlPhrases } from '../../../../src/domain/reasons/call-control.ts';

/** Why a command to a call under way was not carried out. */
export const control: Readonly<Record<keyof typeof controlPhrases, string>> = {
  commandLate: 'команду не удалось выполнить вовремя',
  commandAway: 'нет связи с АТС, звонок остался как есть',
  commandCut: 'связь оборвалась раньше, чем АТС ответила; прежде чем повторять, посмотрите, что со звонком',
  commandStopped: 'программа остановилась, пока команда выполнялась; прежде чем повторять, посмотрите, что со звонком',
  commandForbidden: 'АТС этого не разрешает: её пользователю AMI нужны права write=call,originate',
  commandRefused: 'АТС отказалась выполнить команду',
  commandUnknown: 'эта АТС не знает команды {action}',
  commandUnsupported: 'через это подключение звонками управлять нельзя',
  callOver: 'звонок уже закончился',
  legOver: 'этого телефона в разговоре больше нет',
  notTalking: 'по телефону {extension} в этом звонке никто не говорит',
  ringsElsewhere: 'по этому звонку уже вызывают телефон {extension}',
  notRinging: 'телефон {extension} уже не звонит',
  partyGone: 'собеседника в звонке больше нет',
  transferUnset: 'в настройках этой АТС нет `callControl`: неизвестно, где набирать внутренние номера',
  transferRefused: 'АТС не может сейчас перевести этот звонок',
  consultSilent:
    'АТС приняла команду, но никому не позвонила: для перевода с консультацией нужны `atxfer` в features.conf и t или T в параметрах Dial или Queue',
  notConsulting: 'перевод с консультацией сейчас не идёт',
  parkingMissing: 'на АТС нет парковки: см. res_parking.conf',
};

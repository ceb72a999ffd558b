/** The words by which mail programs introduce a quotation in one language. All are in lower case. */
export interface QuoteLanguage {
  /** Words before the date of an introduction: "On Tue, 15 Sep 2026, Ivan wrote:". */
  readonly openings: string;
  /** Days of the week, whole and short, and months if a date may begin with one. */
  readonly days: string;
  readonly verbs: string;
  /** Words that occur in a sentence of the writer's own, but not in an introduction without an address. */
  readonly spoken: string;
  /** Titles between dashes above a quoted or a forwarded letter. */
  readonly original: readonly string[];
  readonly forwarded: readonly string[];
  /** Labels of the lines that repeat a letter's header. */
  readonly headers: Readonly<Record<'from' | 'sent' | 'date' | 'to' | 'cc' | 'subject' | 'other', readonly string[]>>;
  /** The first words of a greeting, and of the line that a telephone adds to a letter. */
  readonly greetings: readonly string[];
  readonly sentFrom: readonly string[];
}

/** What mail programs write, by language. Sources and limits: docs/decisions/0016-quoted-history.md. */
export const languages: Readonly<Record<string, QuoteLanguage>> = {
  ru: {
    openings: 'в во сообщении письме своём от',
    days: 'пн вт ср чт пт сб вс понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье',
    verbs: 'пишет пишете писал писала писали написал написала написали написано',
    spoken:
      'мне нам меня нас вам ваш ваша ваше ваши вашего вашей наш наша наше наши вчера сегодня завтра уже потом он она они я мы что почему',
    original: ['исходное сообщение', 'оригинальное сообщение', 'первоначальное сообщение', 'исходное письмо'],
    forwarded: [
      'пересылаемое сообщение',
      'пересланное сообщение',
      'перенаправленное сообщение',
      'переадресованное сообщение',
      'переадресованное письмо',
      'пересылаемое письмо',
      'пересланное письмо',
      'начало переадресованного сообщения',
      'начало пересылаемого сообщения',
      'начало перенаправленного сообщения',
      'конец пересылаемого сообщения',
    ],
    headers: {
      from: ['от', 'от кого', 'отправитель'],
      sent: ['отправлено', 'отправленные', 'послано'],
      date: ['дата'],
      to: ['кому', 'получатель'],
      cc: ['копия', 'копии', 'скрытая копия'],
      subject: ['тема'],
      other: ['важность', 'приоритет', 'вложения', 'ответить', 'ответ на'],
    },
    greetings: ['здравствуй', 'добрый', 'доброе', 'доброго', 'приветствую', 'уважаем', 'привет'],
    sentFrom: ['отправлено с ', 'отправлено из ', 'отправлено через '],
  },
  uk: {
    openings: 'у в від листі',
    days: 'нд понеділок вівторок середа середу четвер пʼятниця п’ятниця пятниця субота суботу неділя неділю',
    verbs: 'пише пишете писав писала писали написав написала написали',
    spoken: 'мені нам нас вам ваш ваша ваше ваші вчора сьогодні він вона вони я ми що чому',
    original: ['оригінальне повідомлення', 'вихідне повідомлення', 'початкове повідомлення', 'оригінал повідомлення'],
    forwarded: ['переслане повідомлення', 'перенаправлене повідомлення', 'початок пересланого повідомлення'],
    headers: {
      from: ['від', 'від кого', 'відправник'],
      sent: ['надіслано', 'відправлено'],
      date: ['дата'],
      to: ['кому', 'до'],
      cc: ['копія'],
      subject: ['тема'],
      other: ['важливість', 'пріоритет', 'вкладення'],
    },
    greetings: ['добрий', 'доброго', 'вітаю', 'шановн', 'привіт'],
    sentFrom: ['надіслано з ', 'відправлено з '],
  },
  kk: {
    openings: '',
    days: 'дс сс бс дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі',
    verbs: 'жазды жазған жазғаны жіберді',
    spoken: 'маған бізге сізге кеше бүгін сіздің біздің',
    original: ['бастапқы хабар', 'түпнұсқа хабар', 'бастапқы хабарлама', 'түпнұсқа хабарлама'],
    forwarded: ['қайта жіберілген хабар', 'қайта жіберілген хабарлама', 'бағытталған хабар'],
    headers: {
      from: ['кімнен', 'жіберуші', 'бастап'],
      sent: ['жіберілген', 'жіберілді', 'жіберілген күні'],
      date: ['күні', 'мерзімі'],
      to: ['кімге', 'алушы'],
      cc: ['көшірме', 'көшірмесі'],
      subject: ['тақырып', 'тақырыбы'],
      other: ['маңыздылығы'],
    },
    greetings: ['сәлем', 'сәлеметсіз', 'қайырлы', 'құрметті'],
    sentFrom: ['iphone құрылғысынан'],
  },
  en: {
    openings: 'on at in message dated',
    days: 'mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december',
    verbs: 'wrote writes written',
    spoken: 'me us my your our yesterday today he she they i we that why',
    original: ['original message', 'original email', 'original mail', 'original appointment', 'reply message'],
    forwarded: [
      'forwarded message',
      'forwarded email',
      'forwarded mail',
      'forwarded letter',
      'forwarded by',
      'begin forwarded message',
      'end forwarded message',
    ],
    headers: {
      from: ['from', 'sender'],
      sent: ['sent', 'sent at'],
      date: ['date'],
      to: ['to'],
      cc: ['cc', 'bcc'],
      subject: ['subject'],
      other: ['importance', 'priority', 'attachments', 'reply-to', 'organization', 'sent by'],
    },
    greetings: ['hello', 'hi', 'dear', 'good morning', 'good day', 'good afternoon', 'greetings'],
    sentFrom: ['sent from ', 'sent with ', 'sent via ', 'get outlook for '],
  },
  de: {
    openings: 'am den der um',
    days: 'mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag',
    verbs: 'schrieb schrieben geschrieben',
    spoken: 'mir uns mein ihr ihre unser unsere gestern heute er wir ich dass warum',
    original: ['ursprüngliche nachricht', 'ursprüngliche mail', 'originalnachricht', 'original-nachricht'],
    forwarded: [
      'weitergeleitete nachricht',
      'weitergeleitete mail',
      'anfang der weitergeleiteten nachricht',
      'anfang der weitergeleiteten e-mail',
    ],
    headers: {
      from: ['von'],
      sent: ['gesendet'],
      date: ['datum'],
      to: ['an'],
      cc: ['kopie'],
      subject: ['betreff'],
      other: ['wichtigkeit', 'priorität', 'anlagen'],
    },
    greetings: ['guten', 'hallo', 'sehr geehrte', 'liebe', 'grüß'],
    sentFrom: ['von meinem ', 'gesendet mit ', 'gesendet von '],
  },
  fr: {
    openings: 'le',
    days: 'lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche',
    verbs: 'écrit ecrit écrivait',
    spoken: "moi nous m'a votre notre hier aujourd'hui il elle je que pourquoi",
    original: ["message d'origine", 'message d’origine', 'mail original', 'message original', 'message initial'],
    forwarded: ['message transféré', 'mail transféré', 'début du message transféré', 'début du message réexpédié'],
    headers: {
      from: ['de', 'expéditeur'],
      sent: ['envoyé', 'envoyé le'],
      date: ['date'],
      to: ['à', 'a'],
      cc: ['copie', 'cci'],
      subject: ['objet', 'sujet'],
      other: ['importance', 'pièces jointes'],
    },
    greetings: ['bonjour', 'bonsoir', 'cher', 'chère', 'salut'],
    sentFrom: ['envoyé de ', 'envoyé depuis ', 'envoyé avec '],
  },
  es: {
    openings: 'el',
    days: 'lun mié mie jue vie sáb sab dom lunes martes miércoles jueves viernes sábado domingo',
    verbs: 'escribió escribio escribía escrito',
    spoken: 'me nos su nuestro ayer hoy él ella yo que porqué',
    original: ['mensaje original', 'correo original'],
    forwarded: ['mensaje reenviado', 'correo reenviado', 'inicio del mensaje reenviado'],
    headers: {
      from: ['de', 'remitente'],
      sent: ['enviado', 'enviado el', 'enviado a'],
      date: ['fecha'],
      to: ['para'],
      cc: ['copia'],
      subject: ['asunto'],
      other: ['importancia', 'datos adjuntos'],
    },
    greetings: ['buenos', 'buenas', 'hola', 'estimad'],
    sentFrom: ['enviado desde ', 'enviado con '],
  },
  pl: {
    openings: 'w dniu dnia dn twoim liście datowanym',
    days: 'pon wt śr czw pt sob niedz niedziela poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedzielę',
    verbs: 'napisał napisała napisali napisana pisze pisał pisała przeczytać',
    spoken: 'nam wasz nasz wczoraj dzisiaj ona ja że dlaczego',
    original: ['oryginalna wiadomość', 'wiadomość oryginalna', 'treść oryginalnej wiadomości', 'oryginalny e-mail'],
    forwarded: [
      'przekazana wiadomość',
      'treść przekazanej wiadomości',
      'wiadomość przekazana dalej',
      'początek przekazywanej wiadomości',
      'przesłana dalej wiadomość',
    ],
    headers: {
      from: ['od', 'nadawca'],
      sent: ['wysłano', 'wysłane', 'wysłany'],
      date: ['data'],
      to: ['do'],
      cc: ['dw', 'kopia', 'udw'],
      subject: ['temat'],
      other: ['ważność', 'załączniki', 'priorytet'],
    },
    greetings: ['dzień dobry', 'witam', 'szanown', 'cześć'],
    sentFrom: ['wysłane z ', 'wysłano z '],
  },
  tr: {
    openings: '',
    days: 'pzt sal çar per cum cmt paz pazartesi salı çarşamba perşembe cuma cumartesi pazar',
    verbs: 'yazdı yazmış yazmıştı yazıyor',
    spoken: 'bana bize sizin bizim dün bugün ben biz neden',
    original: ['orijinal mesaj', 'özgün ileti', 'özgün mesaj', 'orijinal ileti', 'asıl ileti'],
    forwarded: ['yönlendirilmiş mesaj', 'iletilen mesaj', 'iletilmiş mesaj', 'yönlendirilen ileti', 'iletilen ileti'],
    headers: {
      from: ['kimden', 'gönderen'],
      sent: ['gönderildi', 'gönderilme tarihi', 'gönderme tarihi', 'gönderilmiş', 'gönderim zamanı'],
      date: ['tarih'],
      to: ['kime', 'alıcı'],
      cc: ['bilgi', 'cc'],
      subject: ['konu'],
      other: ['önem'],
    },
    greetings: ['merhaba', 'sayın', 'iyi günler', 'günaydın', 'selam'],
    sentFrom: ["iphone'umdan ", 'iphone’umdan ', "ipad'imden "],
  },
  others: {
    openings: 'den på il giorno alle em no op dne dia pe',
    days: 'tis ons tor fre lör sön man tir lør søn gio lunedì martedì mercoledì giovedì venerdì sabato domenica seg ter qua qui sex segunda-feira terça-feira quarta-feira quinta-feira sexta-feira di wo do za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag po út st čt pá',
    verbs: 'skrev scritto escreveu schreef napsal napsala kirjoitti scris írta 写道',
    spoken: '',
    original: ['messaggio originale', 'mensagem original', 'oorspronkelijk bericht', 'ursprungligt meddelande'],
    forwarded: ['messaggio inoltrato', 'mensagem encaminhada', 'doorgestuurd bericht', 'vidarebefordrat meddelande'],
    headers: {
      from: ['da', 'van', 'fra', 'från', 'mittente'],
      sent: ['inviato', 'enviada', 'enviada em', 'verzonden', 'skickat', 'sendt'],
      date: ['fecha', 'dato'],
      to: ['a', 'aan', 'til', 'till'],
      cc: ['kopie'],
      subject: ['oggetto', 'assunto', 'onderwerp', 'emne', 'ämne'],
      other: ['importanza'],
    },
    greetings: ['buongiorno', 'olá', 'bom dia', 'goedendag', 'hej'],
    sentFrom: ['inviato da ', 'verzonden vanaf ', 'enviado do '],
  },
};

const all = Object.values(languages);

/** The words of a column of the table, of all languages. */
export function wordsOf(column: 'openings' | 'days' | 'verbs' | 'spoken'): ReadonlySet<string> {
  return new Set(all.flatMap((language) => language[column].split(' ').filter((word) => word !== '')));
}

/** The phrases of a column of the table, of all languages. */
export function phrasesOf(column: 'original' | 'forwarded' | 'greetings' | 'sentFrom'): ReadonlySet<string> {
  return new Set(all.flatMap((language) => language[column]));
}

/** An error that OData answers, with 1C's own code. */
export class ODataError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A property that the entity does not have. */
export class PropertyError extends ODataError {
  constructor(name: string) {
    super(400, 10, `Запрошенное свойство не найдено: ${name}`);
  }
}

/** The errors that several parts answer. The codes are documented; the HTTP statuses of 4… are partly a guess. */
export const errors = {
  unsupported: (what: string) => new ODataError(400, 0, `Возможность не поддерживается: ${what}`),
  unparsed: (what: string) => new ODataError(400, 1, `Не удалось разобрать строку: ${what}`),
  format: (what: string) => new ODataError(400, 2, `Неверный формат запроса: ${what}`),
  representation: () => new ODataError(406, 3, 'Запрошенный тип представления не поддерживается'),
  value: (property: string) => new ODataError(400, 4, `Неверное значение свойства "${property}"`),
  missing: (property: string) => new ODataError(400, 5, `Отсутствует обязательное значение свойства "${property}"`),
  url: (path: string) => new ODataError(400, 6, `Неверный URL: ${path}`),
  keyPart: (part: string) => new ODataError(400, 7, `Не хватает элемента ключа сущности: ${part}`),
  entity: (name: string) => new ODataError(404, 8, `Тип сущности не найден: ${name}`),
  instance: (name: string) => new ODataError(404, 9, `Экземпляр сущности "${name}" не найден по переданному ключу.`),
  method: (name: string) => new ODataError(404, 11, `Метод не найден: ${name}`),
  rows: () => new ODataError(400, 13, 'Создание строк табличных частей напрямую не поддерживается'),
  options: (what: string) => new ODataError(400, 14, `Ошибка разбора опций запроса: ${what}`),
  exists: () => new ODataError(400, 15, 'Сущность с таким ключом уже существует'),
  assign: (property: string) => new ODataError(400, 16, `Не удалось присвоить свойство "${property}"`),
  httpMethod: (method: string) =>
    new ODataError(405, 19, `Использованный HTTP-метод запрещен в данном контексте: ${method}`),
  access: () => new ODataError(401, 20, 'Ошибка прав доступа'),
  unimplemented: (name: string) => new ODataError(501, 21, `Вызов нереализованной функции: ${name}`),
  arguments: (name: string) => new ODataError(400, 21, `Неверное количество или тип аргументов функции: ${name}`),
  changed: () => new ODataError(412, 0, 'Данные были изменены или удалены другим пользователем'),
  /** What the configuration's own code raises. */
  raised: (message: string) => new ODataError(500, -1, message),
  internal: () =>
    new ODataError(
      500,
      -1,
      'Произошла внутренняя ошибка OData сервиса. Дополнительные сведения можно найти в технологическом журнале.',
    ),
} as const;

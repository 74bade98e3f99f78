/** Слова страницы состояния. */
import type { UpdateState } from "@trapeza/protocol";

export const words = {
  title: (school: number) => `Шлюз школы ${school}`,
  day: (date: string) => (date === "" ? "День ещё не открыт" : `Учебный день: ${date}`),
  well: "Всё работает",
  look: (count: number) => `Нужно посмотреть: ${count}`,
  events: (size: number, cosigned: number) => `Записей в журнале: ${size}, облако подтвердило ${cosigned}`,
  directives: (count: number) => `Указаний из облака применено: ${count}`,
  damaged: (what: string) =>
    `Журнал на диске изменён или повреждён. Позвоните оператору и не перезапускайте шлюз: после запуска он работать не станет (${what})`,
  otherState: (size: number) =>
    `Снимок журнала, с которого шлюз начал (записей: ${size}), не совпал с самим журналом и удалён. Перезапустите шлюз, когда в столовой тихо`,
  allSent: "Всё передано в облако",
  unsent: (count: number, since: string) => `Не передано в облако: ${count}, с ${since}`,
  connected: "на связи",
  absent: "нет связи",
  never: "не было",
  unknown: "пока не сообщил",
  columns: ["Терминал", "Место", "Связь", "Последнее сообщение", "Устройства", "Не отправлено", "Прошивка"],
  updates: {
    ...{ none: "", fetching: "загружается новая", kind: "новая отвергнута: для другого терминала", older: "новая отвергнута: она старее" },
    ...{ truncated: "новая отвергнута: неполная", signature: "новая отвергнута: подпись не наша", digest: "новая отвергнута: повреждена" },
    rolled_back: "новая не заработала, вернулась прежняя",
  } as Record<UpdateState, string>,
  boxes: "Кассеты терминалов оплаты",
  box: (terminal: number, place: string, notes: number, capacity: number, sum: string) =>
    `Терминал ${terminal}, ${place}: ${notes} купюр из ${capacity}, ${sum} ₽`,
  kinds: { payment: "оплата", settlement: "касса", information: "стена" },
  devices: { paper: "принтер", reader: "считыватель", acceptor: "купюроприёмник" },
  states: {
    ...{
      ok: "в порядке",
      low: "бумага кончается",
      out: "нет бумаги или открыта крышка",
      silent: "не отвечает",
      unseen: "печатает, но не сообщает, вышел ли чек",
    },
    ...{ full: "кассета полна", removed: "кассета вынута", jammed: "застряла купюра", none: "нет" },
  } as Readonly<Record<string, string>>,
  device: (where: string, device: string, state: string) => `${where}: ${device}: ${state}`,
  cards: (refusedKey: number, twoPlaces: number) =>
    `Возможно, подделаны карты: сегодня ключ не подошёл трижды к ${refusedKey}, в двух местах сразу замечены ${twoPlaces}`,
  away: (where: string) => `${where}: нет связи`,
  cashBox: (where: string) => `${where}: кассета почти полна, пора инкассировать`,
  where: (terminal: number, kind: string, place: string) => `Терминал ${terminal} (${kind}, ${place})`,
  password: "Пароль школы для этой страницы",
  enter: "Войти",
  wrong: "Пароль не подошёл",
  tooMany: "Слишком много попыток, подождите минуту",
};

/** Слова страницы состояния. */
import type { UpdateState } from "@trapeza/protocol";
import type { Program } from "../releases/offer.js";
import type { Subject } from "./subject.js";
import type { Deed, WaveRefusal } from "../releases/waves.js";

export const words = {
  title: (school: number) => `Шлюз школы ${school}`,
  day: (date: string) => (date === "" ? "День ещё не открыт" : `Учебный день: ${date}`),
  well: "Всё работает",
  look: (count: number) => `Нужно посмотреть: ${count}`,
  events: (size: number, cosigned: number) => `Записей в журнале: ${size}, облако подтвердило ${cosigned}`,
  directives: (count: number) => `Указаний из облака применено: ${count}`,
  disk: {
    low: (since: string, freeMb: number) =>
      `На диске шлюза мало места: ${freeMb} МБ (${since}). Кассы не продают, терминалы оплаты не принимают купюры, обеды отмечаются. Освободите место`,
    full: (since: string, freeMb: number) =>
      `Диск шлюза заполнен, свободно ${freeMb} МБ (${since}). Новое не записывается; сделанное хранится в терминалах. Освободите место, шлюз продолжит сам`,
    broken: (since: string, freeMb: number) =>
      `Диск шлюза не пишет (${since}, свободно ${freeMb} МБ). Сделанное хранится в терминалах. Позвоните технику: диск, возможно, надо заменить`,
    readonly: (since: string, freeMb: number) =>
      `Диск шлюза доступен только для чтения (${since}, свободно ${freeMb} МБ). Сделанное хранится в терминалах. Позвоните технику`,
  },
  outrun: (size: number, terminals: string | null, since: string) =>
    `На шлюзе лежит старая копия журнала: ${terminals === null ? "облако знает" : `терминалы ${terminals} знают`} о записях числом ${size} (${since}). Сюда больше ничего не пишется. Шлюз надо заменить, позвоните оператору`,
  claim: (terminal: number, size: number, lying: number, waits: boolean) =>
    `Терминал ${terminal} утверждает, что слышал о записях числом ${size}, а в журнале их ${lying}. Больше этого никто не говорит` +
    (waits
      ? "; минуту после запуска шлюз ждёт, не скажет ли кто-нибудь ещё"
      : "; школа работает. Осмотрите терминал и позвоните оператору"),
  link: (what: string) => `Связь с облаком остановлена. Школа работает без неё; позвоните оператору (${what})`,
  damaged: (what: string) =>
    `Журнал на диске изменён или повреждён. Позвоните оператору и не перезапускайте шлюз: после запуска он работать не станет (${what})`,
  otherState: (size: number) =>
    `Снимок журнала, с которого шлюз начал (записей: ${size}), не совпал с самим журналом и удалён. Перезапустите шлюз, когда в столовой тихо`,
  replaced: (handedIn: boolean) =>
    "Место этого шлюза занял другой; этот больше ничего не решает. " +
    (handedIn
      ? "Всё, что было только здесь, сдано в облако: его можно выключить"
      : "То, что было только здесь, сдаётся в облако: не выключайте его"),
  recovering: (terminals: readonly number[]) =>
    `Шлюз только что занял место другого. Продажи в буфете ждут, что скажут терминалы (${terminals.join(", ")}), не дольше трёх минут; остальное идёт своим чередом`,
  waitNoLonger: "Больше не ждать",
  lastDirectives: (said: string) => `Последние: ${said}`,
  answered: (moment: string, subject: string, outcome: string) => `${moment}: ${subject}${outcome}`,
  subjects: {
    ...{ school: "настройки школы", food: "меню и цены", people: "счёт, класс или сотрудник", card: "карта", limits: "ограничения" },
    ...{
      terminal: "терминал",
      money: "деньги на счёте",
      order: "заказ питания",
      collection: "пересчёт инкассации",
      salvage: "записи прежнего шлюза",
    },
  } as Record<Subject, string>,
  outcomes: { applied: "", refused: " (не применено)", held: " (отложено)" },
  behind: (day: string) =>
    `Школа всё ещё работает датой «${day}»: после дней без интернета приложите карту старшего по смене к любому терминалу`,
  deaf: (since: string) => `Облако не слышно с ${since}: о картах, заблокированных с тех пор, школа не знает`,
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
    `Терминал ${terminal}, ${place}: купюр ${notes} из ${capacity}, ${sum} ₽`,
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
  programList: "Программы терминалов",
  programs: {
    ...{ payment: "Терминал оплаты (CCNET)", "payment-id003": "Терминал оплаты (ID003)" },
    ...{ settlement: "Касса", information: "Информационный терминал" },
  } as Record<Program, string>,
  ready: (program: string, version: string) => `${program}: версия ${version} готова к раздаче.`,
  wave: (program: string, version: string, how: string) => `${program}, версия ${version}: ${how}.`,
  step: (step: number, all: number, percent: number) => `волна ${step} из ${all}, до ${percent} % терминалов`,
  firstStep: (terminal: number) => `сначала терминал ${terminal}`,
  underWay: (where: string, running: number, chosen: number, next: string) =>
    `${where}; работает на ${running} из ${chosen} выбранных` + (next === "" ? "" : `; следующая волна не раньше ${next}`),
  through: (running: number) => `роздана всем, работает на ${running}`,
  paused: (running: number, chosen: number) => `раздача приостановлена, работает на ${running} из ${chosen} выбранных`,
  troubled: (terminal: number, what: string) => `терминал ${terminal}: ${what}; `,
  silent: "замолчал, когда запустил новую",
  stopped: (why: string, isBack: boolean) =>
    `${why}раздача остановлена, ` +
    (isBack ? "кто успел получить новую, возвращается к прежней" : "кто успел получить новую, остаётся на ней"),
  giveOut: (program: string, version: string) => `${program}: раздать версию ${version}`,
  deeds: {
    ...{ start: "Начать раздачу…", pause: "Приостановить", resume: "Продолжить", next: "Следующая волна сейчас" },
    back: "Остановить и вернуть прежнюю",
  } as Record<Deed, string>,
  looked: "Понятно",
  begin: "Начать раздачу",
  nothingBegun: "Не начинать",
  firstField: "Кто первый",
  nobodyFirst: "всё равно кто",
  percentsField: "Волны, проценты терминалов (последняя 100)",
  restField: "Не чаще одной волны за столько минут",
  silentField: "Остановить, если терминал замолчал на столько минут (от 25)",
  badPlan: "Так не получится: проценты должны расти и кончаться на 100, минуты быть целыми числами",
  refused: {
    ...{ no_release: "Этой программы здесь нет", no_wave: "Раздавать пока нечего", known_release: "Эта версия уже раздаётся" },
    ...{ not_running: "Раздача сейчас не идёт", not_paused: "Раздача не приостановлена", stopped: "Раздача уже остановлена" },
  } as Record<WaveRefusal, string>,
  toStatus: "К состоянию шлюза",
  away: (where: string) => `${where}: нет связи`,
  cashBox: (where: string) => `${where}: кассета почти полна, пора инкассировать`,
  where: (terminal: number, kind: string, place: string) => `Терминал ${terminal} (${kind}, ${place})`,
  password: "Пароль школы для этой страницы",
  enter: "Войти",
  wrong: "Пароль не подошёл",
  tooMany: "Слишком много попыток, подождите минуту",
};

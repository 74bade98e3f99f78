/** Слова страницы состояния. */
export const words = {
  title: (school: number) => `Шлюз школы ${school}`,
  day: (date: string) => (date === "" ? "День ещё не открыт" : `Учебный день: ${date}`),
  events: (size: number) => `Записей в журнале: ${size}`,
  allSent: "Всё передано в облако",
  unsent: (count: number, since: string) => `Не передано в облако: ${count}, с ${since}`,
  connected: "на связи",
  absent: "нет связи",
  never: "не было",
  columns: ["Терминал", "Место", "Связь", "Последнее сообщение"],
};

/** Statements by mail, in Russian. */
export const statements = {
  send: "Прислать на почту",
  monthly: "Присылать каждый месяц",
  end: "Больше не присылать каждый месяц",
  sent: "Выписка отправлена на вашу почту.",
  begun: "Первого числа каждого месяца на почту придёт выписка за прошедший месяц.",
  ended: "Ежемесячная выписка отменена.",
  noMail: "Сначала подтвердите адрес почты в профиле.",
  noPeriod: "Выберите период: не длиннее 400 дней, начало не позже конца.",
  tooMany: "Сегодня уже отправлено пять выписок. Ещё одну можно попросить завтра.",
  away: "Отправить не получилось. Попробуйте позже или скачайте файл.",
  subject: (name: string, from: string, to: string) => "Выписка: " + name + ", " + from + " – " + to,
  greeting: "Здравствуйте!\n\nВо вложении выписка по счёту, в двух видах: PDF и таблица.",
  asOf: (clock: string, date: string) =>
    "От школы за этот месяц пришло ещё не всё: выписка по состоянию на " +
    clock +
    ", " +
    date +
    ". Полную можно будет запросить в истории операций.",
  opening: (sum: string) => "На начало: " + sum,
  charged: (sum: string) => "Начислено: " + sum,
  recalculated: (sum: string) => "Пересчитано: " + sum,
  paid: (sum: string) => "Оплачено: " + sum,
  closing: (sum: string) => "На конец: " + sum,
  foot: (link: string) => "История и настройка ежемесячной выписки: " + link,
};

export type StatementMailWords = typeof statements;

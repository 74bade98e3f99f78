/** What guardians are told of an event, in Russian. */
export const ru = {
  subject: (name: string, what: string) => name + ": " + what,
  several: (count: number) => {
    const last = count % 100 > 10 && count % 100 < 20 ? 0 : count % 10;
    return count + (last === 1 ? " новость" : last > 1 && last < 5 ? " новости" : " новостей");
  },
  greeting: "Здравствуйте!",
  line: (when: string, name: string, what: string) => when + " — " + name + ": " + what,
  purchase: (what: string, sum: string) => "покупка в буфете, " + what + ", " + sum,
  purchaseBack: (sum: string) => "возврат за покупку в буфете, " + sum,
  meal: (what: string, sum: string) => what + ", " + sum,
  mealBack: (what: string, sum: string) => "питание отменено, " + what + ", возвращено " + sum,
  low: (purse: "main" | "additional", left: string) =>
    "на " + (purse === "main" ? "основном" : "дополнительном") + " счёте осталось " + left + ", пора пополнить",
  debt: (owed: string) => "питание отпущено в долг, долг теперь " + owed + ". Он погасится первым же пополнением",
  topUp: (sum: string) => "зачислено " + sum,
  refused: {
    meal: (what: string) => "питание не выдано, " + what + ". Проверьте остаток на счёте",
    cash: () => "деньги, внесённые в терминал, не зачислены. Покажите чек в школе",
    payment: () => "платёж не зачислен школой. Мы разбираемся; деньги не потеряются",
  },
  blocked: (card: string) => "карта " + card + " заблокирована",
  code: "в школе напечатан одноразовый пароль для этого счёта. Если его просили не вы, сообщите в школу",
  short: {
    purchase: "Покупка в буфете",
    meal: "Питание",
    low: "Пора пополнить счёт",
    debt: "Пополните основной счёт",
    topUp: "Счёт пополнен",
    refused: "Нужно ваше внимание",
    blocked: "Карта заблокирована",
    code: "Выдан одноразовый пароль",
  },
  foot: (link: string) => "Что и как сообщать, вы выбираете сами: " + link,
};

export type NoticeWords = typeof ru;

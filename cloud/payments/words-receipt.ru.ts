/** What stands in a receipt that is sent to a payer, in Russian. */
export const ru = {
  subject: (number: number) => `Школьное питание: оплачен заказ № ${number}`,
  short: (number: number, total: string, when: string) =>
    `Школьное питание: оплачено ${total}, заказ № ${number}, ${when}. Это не кассовый чек.`,
  head: (number: number, when: string, way: string) => `Оплачен заказ № ${number}, ${when}, ${way}.`,
  way: { card: "банковской картой", sbp: "через СБП", network: "в платёжном терминале", registry: "через банк" },
  line: (name: string, school: string, purse: string, sum: string) => `${name}, ${school}, ${purse} счёт: ${sum}`,
  purse: { main: "основной", additional: "дополнительный" },
  fee: (sum: string) => `Плата за услугу: ${sum}`,
  total: (sum: string) => `Всего: ${sum}`,
  foot: (operator: string, phone: string) =>
    `Это подтверждение платежа, а не кассовый чек. Когда школа зачислит деньги, они появятся в истории счёта. ${operator}, телефон ${phone}.`,
};

export type ReceiptWords = typeof ru;

/** The names of 1CClientBankExchange 1.03, by which 1C and banks' programs take payment orders, and what stands in them. */
export const EXCHANGE = {
  head: ["1CClientBankExchange", "ВерсияФормата=1.03"],
  encoding: (name: "Windows" | "UTF-8") => "Кодировка=" + name,
  sender: "Отправитель=Трапеза",
  made: (date: string, time: string) => ["ДатаСоздания=" + date, "ВремяСоздания=" + time],
  span: (first: string, last: string) => ["ДатаНачала=" + first, "ДатаКонца=" + last],
  ours: (account: string) => "РасчСчет=" + account,
  document: ["Документ=Платежное поручение"],
  begin: "СекцияДокумент=Платежное поручение",
  order: (number: number, date: string, sum: string) => ["Номер=" + number, "Дата=" + date, "Сумма=" + sum],
  party: (role: "Плательщик" | "Получатель", { name, inn, kpp, account, bank, bic, correspondent }: Record<PartyField, string>) => [
    role + "Счет=" + account,
    role + "=ИНН " + inn + " " + name,
    role + "ИНН=" + inn,
    role + "КПП=" + kpp,
    role + "1=" + name,
    role + "РасчСчет=" + account,
    role + "Банк1=" + bank,
    role + "БИК=" + bic,
    role + "Корсчет=" + correspondent,
  ],
  payer: "Плательщик",
  payee: "Получатель",
  terms: ["ВидОплаты=01", "Очередность=5"],
  purpose: (text: string) => "НазначениеПлатежа=" + text,
  end: "КонецДокумента",
  endOfFile: "КонецФайла",
} as const;

type PartyField = "name" | "inn" | "kpp" | "account" | "bank" | "bic" | "correspondent";

/** What a payment is for; banks read it, so it is Russian whoever reads the page. */
export const PURPOSES = {
  decade: (first: string, last: string) => "Оплата услуг питания за " + first + "–" + last + " по акту. НДС не облагается",
  subsidy: (program: string, last: string) =>
    "Оплата питания за счёт субсидии, программа " + program + ", по " + last + " включительно. НДС не облагается",
  refund: (number: string) => "Возврат неиспользованного остатка по лицевому счёту № " + number + " по заявлению. НДС не облагается",
};

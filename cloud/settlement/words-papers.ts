/** What stands on papers about money. They are Russian documents and have no other language. */
export const CODE_PURPOSE = (number: string, name: string) => "Школьное питание, лицевой счёт " + number + ", " + name;

export const PAPER_WORDS = {
  act: {
    title: "Акт за декаду",
    heading: (number: number) => "АКТ № " + number + "\nоб оказании услуг школьного питания",
    date: (date: string) => "от " + date,
    parties: (caterer: string, collector: string, school: string) =>
      caterer +
      " («Исполнитель») оказал, а " +
      collector +
      " («Оператор») принял к перечислению услуги питания учащихся. Учреждение: " +
      school +
      ".",
    span: (first: string, last: string) => "Период: с " + first + " по " + last + ".",
    columns: { date: "Дата", meals: "Организованное питание, ₽", buffet: "Буфет, ₽", total: "Всего, ₽" },
    other: "Погашенная задолженность и исправления за прошлые дни",
    total: "Итого к перечислению",
    funded:
      "Сумма состоит из денег, внесённых за питание самих учащихся. Питание в долг войдёт в акт после погашения, субсидии перечисляются отдельно.",
    order: (number: number, date: string) => "Платёжное поручение № " + number + " от " + date + ".",
    signature: ["Исполнитель, М. П.", "Оператор, М. П."],
  },
  claim: {
    title: "Заявка на субсидию",
    heading: (number: number) => "ЗАЯВКА № " + number + "\nна перечисление субсидии на питание учащихся",
    program: (name: string) => "Программа: " + name + ".",
    span: (last: string) => "По питанию, предоставленному по " + last + " включительно и не заявленному ранее.",
    columns: { caterer: "Исполнитель питания", portions: "Порций", amount: "Сумма, ₽" },
    total: "Итого",
    signature: ["Руководитель, М. П.", "Бухгалтер"],
  },
  code: {
    title: "Квитанции с кодом для оплаты",
    heading: "Пополнение счёта школьного питания",
    nobody: (className: string) => "В классе " + className + " нет открытых счетов: печатать квитанции некому.",
    holder: (name: string, className: string, number: string) => name + ", " + className + ". Лицевой счёт № " + number,
    how: "Откройте приложение своего банка, выберите оплату по QR-коду, наведите камеру и впишите сумму. Деньги придут на основной счёт, обычно за 1–3 рабочих дня.",
    payee: (name: string, inn: string, account: string) => "Получатель: " + name + ", ИНН " + inn + ", счёт " + account,
    bank: (bank: string, bic: string) => "Банк: " + bank + ", БИК " + bic,
  },
};

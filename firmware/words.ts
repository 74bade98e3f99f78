/**
 * Every word that a person reads on a terminal, Russian first. The build turns Cyrillic into windows-1251, one byte a letter, which is what the chip's
 * fonts and the printer speak. Each image carries what it needs; a table is made once, when the gateway has said which language the school wants.
 */
export type Language = "ru" | "en";

/** Words that all three terminals use. */
export interface SharedWords {
  readonly starting: string;
  readonly noGateway: string;
  readonly closed: string;
  readonly cancel: string;
  readonly back: string;
  readonly yes: string;
  readonly no: string;
  readonly confirm: string;
  readonly wait: string;
  readonly askTeacher: string;
  readonly stranger: string;
  readonly main: string;
  readonly additional: string;
  readonly additionalShort: string;
  readonly roubles: string;
  readonly debt: string;
  readonly total: string;
  readonly thanks: string;
  readonly noPaper: string;
  readonly timeUnknown: string;
  readonly terminal: string;
  readonly school: string;
  readonly account: string;
  readonly card: string;
  readonly claimCode: string;
  readonly later: string;
  readonly done: string;
  readonly notPrinted: string;
}

export function sharedWords(language: Language): SharedWords {
  if (language === "en") {
    return {
      starting: "Starting",
      noGateway: "No connection",
      closed: "Out of service",
      cancel: "Cancel",
      back: "Back",
      yes: "Yes",
      no: "No",
      confirm: "Confirm",
      wait: "One moment",
      askTeacher: "Please ask your teacher",
      stranger: "This is not a school card",
      main: "Main",
      additional: "Additional",
      additionalShort: "Extra",
      roubles: "R",
      debt: "debt",
      total: "Total",
      thanks: "Thank you",
      noPaper: "No paper",
      timeUnknown: "time unknown",
      terminal: "Terminal",
      school: "School",
      account: "Account",
      card: "Card",
      claimCode: "Claim code",
      later: "Accepted, will be credited",
      done: "Done",
      notPrinted: "No receipt was printed",
    };
  }
  return {
    starting: "Запуск",
    noGateway: "Нет связи",
    closed: "Не работает",
    cancel: "Отмена",
    back: "Назад",
    yes: "Да",
    no: "Нет",
    confirm: "Подтвердить",
    wait: "Минутку",
    askTeacher: "Подойди к учителю",
    stranger: "Это не школьная карта",
    main: "Основной",
    additional: "Дополнительный",
    additionalShort: "Доп.",
    roubles: "р.",
    debt: "долг",
    total: "Итого",
    thanks: "Спасибо",
    noPaper: "Нет бумаги",
    timeUnknown: "время неизвестно",
    terminal: "Терминал",
    school: "Школа",
    account: "Лицевой счёт",
    card: "Карта",
    claimCode: "Код обращения",
    later: "Принято, будет зачислено",
    done: "Готово",
    notPrinted: "Чек не напечатан",
  };
}

export interface PaymentWords {
  readonly title: string;
  readonly tapCard: string;
  readonly orType: string;
  readonly typeNumber: string;
  readonly next: string;
  readonly checkNumber: string;
  readonly noAccount: string;
  readonly cardOnly: string;
  readonly choosePurse: string;
  readonly insert: string;
  readonly inserted: string;
  readonly noteInside: string;
  readonly noteReturned: string;
  readonly noteStuck: string;
  readonly takeReceipt: string;
  readonly writeDown: string;
  readonly cashStopped: string;
  readonly full: string;
  readonly removed: string;
  readonly jammed: string;
  readonly memoryFull: string;
  readonly coverOpen: string;
  readonly noPrinter: string;
  readonly receipt: string;
  readonly note: string;
  readonly repaid: string;
  readonly balance: string;
  readonly recovered: string;
  readonly unresolved: string;
  readonly held: string;
  readonly phone: string;
}

export function paymentWords(language: Language): PaymentWords {
  if (language === "en") {
    return {
      title: "Top-up",
      tapCard: "Tap the card",
      orType: "or type the account number",
      typeNumber: "Type the number",
      next: "Next",
      checkNumber: "Please check the number",
      noAccount: "There is no such account",
      cardOnly: "No connection: card only",
      choosePurse: "Which purse?",
      insert: "Insert notes of 10 to 1000 R",
      inserted: "Inserted",
      noteInside: "Taking the note",
      noteReturned: "Take the note back",
      noteStuck: "The note is stuck",
      takeReceipt: "Take your receipt",
      writeDown: "Write down the code",
      cashStopped: "No cash accepted",
      full: "the cash box is full",
      removed: "the cash box is out",
      jammed: "the acceptor is out of order",
      memoryFull: "the memory is full",
      coverOpen: "the printer is not ready",
      noPrinter: "the printer does not answer",
      receipt: "Receipt",
      note: "Note",
      repaid: "Debt repaid",
      balance: "Balance",
      recovered: "Restored after a power cut",
      unresolved: "not confirmed by the acceptor",
      held: "Held until checked, keep the code",
      phone: "Questions",
    };
  }
  return {
    title: "Пополнение счёта",
    tapCard: "Приложите карту",
    orType: "или наберите номер счёта",
    typeNumber: "Набрать номер",
    next: "Дальше",
    checkNumber: "Проверьте номер",
    noAccount: "Нет такого счёта",
    cardOnly: "Нет связи: только по карте",
    choosePurse: "Какой счёт пополнить?",
    insert: "Вставляйте купюры 10–1000 р.",
    inserted: "Внесено",
    noteInside: "Принимаю купюру",
    noteReturned: "Возьмите купюру",
    noteStuck: "Купюра застряла",
    takeReceipt: "Возьмите чек",
    writeDown: "Запишите код",
    cashStopped: "Деньги не принимаются",
    full: "кассета полна",
    removed: "кассета вынута",
    jammed: "приёмник неисправен",
    memoryFull: "память заполнена",
    coverOpen: "принтер не готов",
    noPrinter: "принтер не отвечает",
    receipt: "Чек",
    note: "Купюра",
    repaid: "Погашен долг",
    balance: "Остаток",
    recovered: "Восстановлено после сбоя питания",
    unresolved: "приёмник не подтвердил",
    held: "Ждёт проверки, сохраните код",
    phone: "Вопросы",
  };
}

export interface SettlementWords {
  readonly title: string;
  readonly shiftClosed: string;
  readonly tapCashier: string;
  readonly closeShift: string;
  readonly shiftOpen: string;
  readonly sales: string;
  readonly voids: string;
  readonly menu: string;
  readonly code: string;
  readonly less: string;
  readonly cash: string;
  readonly voidLast: string;
  readonly voidQuestion: string;
  readonly voided: string;
  readonly noDish: string;
  readonly empty: string;
  readonly tapCard: string;
  readonly sold: string;
  readonly saved: string;
  readonly queued: string;
  readonly noPaperNoSale: string;
  readonly nothingToVoid: string;
  readonly receipt: string;
  readonly cashReceipt: string;
  readonly voidReceipt: string;
  readonly caterer: string;
  readonly cashier: string;
  readonly more: string;
}

export function settlementWords(language: Language): SettlementWords {
  if (language === "en") {
    return {
      title: "Till",
      shiftClosed: "The shift is closed",
      tapCashier: "Tap the cashier's card",
      closeShift: "Close the shift?",
      shiftOpen: "Shift",
      sales: "Sales",
      voids: "Voids",
      menu: "Menu",
      code: "Code",
      less: "Less",
      cash: "Cash",
      voidLast: "Void",
      voidQuestion: "Void the last receipt?",
      voided: "Voided",
      noDish: "No such dish",
      empty: "Choose dishes",
      tapCard: "Tap the pupil's card",
      sold: "Sold",
      saved: "Saved, will be recorded",
      queued: "No answer yet, the order waits",
      noPaperNoSale: "No paper, no sale",
      nothingToVoid: "Nothing to void",
      receipt: "Receipt",
      cashReceipt: "Paid in cash",
      voidReceipt: "Void of receipt",
      caterer: "Caterer",
      cashier: "Cashier's card",
      more: "More",
    };
  }
  return {
    title: "Касса",
    shiftClosed: "Смена закрыта",
    tapCashier: "Приложите карту кассира",
    closeShift: "Закрыть смену?",
    shiftOpen: "Смена",
    sales: "Продажи",
    voids: "Возвраты",
    menu: "Меню",
    code: "Код",
    less: "Меньше",
    cash: "Наличные",
    voidLast: "Возврат",
    voidQuestion: "Вернуть последний чек?",
    voided: "Возвращено",
    noDish: "Нет такого блюда",
    empty: "Выберите блюда",
    tapCard: "Приложите карту ученика",
    sold: "Продано",
    saved: "Сохранено, будет учтено",
    queued: "Ответа пока нет, заказ ждёт",
    noPaperNoSale: "Без чека не отпускать",
    nothingToVoid: "Нечего возвращать",
    receipt: "Чек",
    cashReceipt: "Оплачено наличными",
    voidReceipt: "Возврат по чеку",
    caterer: "Поставщик",
    cashier: "Карта кассира",
    more: "Ещё",
  };
}

export interface InformationWords {
  readonly title: string;
  readonly tap: string;
  readonly forPupil: string;
  readonly forTeacher: string;
  readonly served: string;
  readonly notServed: string;
  readonly undo: string;
  readonly undoQuestion: string;
  readonly undone: string;
  readonly nobody: string;
  readonly saved: string;
  readonly receipt: string;
  readonly teacherCard: string;
  readonly className: string;
  readonly pupils: string;
  readonly share: string;
  readonly subsidy: string;
}

export function informationWords(language: Language): InformationWords {
  if (language === "en") {
    return {
      title: "School meals",
      tap: "Tap your card",
      forPupil: "a pupil sees both purses,",
      forTeacher: "a teacher the class list",
      served: "Served",
      notServed: "Not served",
      undo: "Undo",
      undoQuestion: "Undo the meal of the class?",
      undone: "Undone",
      nobody: "Tick who eats",
      saved: "Saved, will be recorded",
      receipt: "Class meal",
      teacherCard: "Teacher's card",
      className: "Class",
      pupils: "Pupils",
      share: "parent",
      subsidy: "subsidy",
    };
  }
  return {
    title: "Школьное питание",
    tap: "Приложите карту",
    forPupil: "ученику покажу остаток,",
    forTeacher: "учителю список класса",
    served: "Накормлены",
    notServed: "Не накормлены",
    undo: "Отменить",
    undoQuestion: "Отменить питание класса?",
    undone: "Отменено",
    nobody: "Отметьте, кто ест",
    saved: "Сохранено, будет учтено",
    receipt: "Питание класса",
    teacherCard: "Карта учителя",
    className: "Класс",
    pupils: "Учеников",
    share: "родители",
    subsidy: "бюджет",
  };
}

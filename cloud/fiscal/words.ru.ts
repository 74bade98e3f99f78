/** What stands on a receipt of a cash register, and what pages say of it, in Russian. */
import type { FiscalReceipt, Operation } from "./receipt.js";

export const ru = {
  item: "Школьное питание",
  title: "Кассовые чеки",
  lead: "Чеки, которые касса не выдала или выдаёт слишком долго. Устраните причину и пошлите чек ещё раз: второго чека на ту же операцию не будет.",
  operations: { remote: "оплата на сайте", kiosk: "киоск", till: "касса буфета" } satisfies Record<Operation, string>,
  states: { waiting: "ждёт", asked: "передан в кассу", done: "выдан", refused: "отказ" } satisfies Record<FiscalReceipt["state"], string>,
  when: "Когда",
  operation: "Операция",
  sum: "Сумма",
  state: "Состояние",
  none: "Все чеки выданы.",
  again: "Послать ещё раз",
  correct: "Касса выдала чек на другую сумму. Второй чек послать нельзя: оформите чек коррекции в кабинете кассы.",
  sent: "Чек послан ещё раз.",
  gone: "Этот чек уже в работе, выдан или требует чека коррекции.",
  document: (drive: string, number: number, sign: number) => `Кассовый чек: ФН\u00a0${drive}, ФД\u00a0${number}, ФП\u00a0${sign}`,
  refund: (drive: string, number: number, sign: number) => `Кассовый чек на возврат: ФН\u00a0${drive}, ФД\u00a0${number}, ФП\u00a0${sign}`,
  open: "Открыть чек",
  code: "QR-код чека для проверки в налоговой",
};

export type FiscalWords = typeof ru;

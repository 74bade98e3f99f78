/** For tests: requisites whose check digits are right. */
import type { Requisites } from "./requisites.js";

const bank = { bank: "ПАО «Сбербанк», г. Москва", bic: "044525225", correspondent: "30101810400000000225" };

export const OPERATOR: Requisites = {
  name: "МУП «Оператор»",
  inn: "5836000001",
  kpp: "583601001",
  account: "40702810200000000001",
  ...bank,
};
export const CATERER: Requisites = {
  name: "ООО «Столовая»",
  inn: "5836000002",
  kpp: "583601002",
  account: "40702810500000000002",
  ...bank,
};
export const MOTHER: Requisites = { name: "Иванова Мария Львовна", inn: "583600000012", kpp: "", account: "40817810300000000003", ...bank };
export const TREASURY: Requisites = {
  ...{ name: "УФК (МБОУ СОШ № 24)", inn: "5836000003", kpp: "583601003", account: "03234643200000000004" },
  ...{ bank: "Отделение Москва Банка России//УФК", bic: "014525988", correspondent: "40102810545370000003" },
};

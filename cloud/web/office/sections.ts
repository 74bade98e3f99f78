/** The sections of the office in the order of a day's work. A section is shown to whoever may open it. */
import type { Permission } from "../../office/roles.js";
import type { OfficeWords } from "./words.ru.js";

export interface Section {
  readonly name: keyof OfficeWords["section"];
  readonly permission: Permission;
  readonly inSchool: boolean;
  readonly path: (school: number) => string;
}

export const SECTIONS: readonly Section[] = [
  { name: "work", permission: "work.read", inSchool: false, path: () => "/office" },
  { name: "network", permission: "network.read", inSchool: false, path: () => "/office/network" },
  { name: "people", permission: "people.read", inSchool: true, path: (school) => "/office/" + school + "/people" },
  { name: "employees", permission: "employees.read", inSchool: true, path: (school) => "/office/" + school + "/employees" },
  { name: "lists", permission: "people.import", inSchool: true, path: (school) => "/office/" + school + "/lists" },
  { name: "year", permission: "people.import", inSchool: true, path: (school) => "/office/" + school + "/year" },
  { name: "cards", permission: "cards.read", inSchool: true, path: (school) => "/office/" + school + "/cards" },
  { name: "photos", permission: "photos.read", inSchool: true, path: (school) => "/office/" + school + "/photos" },
  { name: "letters", permission: "letters.read", inSchool: true, path: (school) => "/office/" + school + "/letters" },
  { name: "menu", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/menu" },
  { name: "cycle", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/cycle" },
  { name: "recipes", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/recipes" },
  { name: "tariffs", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/tariffs" },
  { name: "payments", permission: "payments.read", inSchool: true, path: (school) => "/office/" + school + "/payments" },
  { name: "bank", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/bank" },
  { name: "settlement", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/settlement" },
  { name: "refunds", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/refunds" },
  { name: "periods", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/periods" },
  { name: "money", permission: "money.read", inSchool: false, path: () => "/office/money" },
  { name: "terminals", permission: "terminals.read", inSchool: true, path: (school) => "/office/" + school + "/terminals" },
  { name: "claims", permission: "claims.read", inSchool: true, path: (school) => "/office/" + school + "/claims" },
  { name: "reports", permission: "reports.read", inSchool: true, path: (school) => "/office/" + school + "/reports" },
  { name: "journal", permission: "journal.read", inSchool: false, path: () => "/office/journal" },
  { name: "desks", permission: "cards.make", inSchool: false, path: () => "/office/desks" },
  { name: "staff", permission: "staff.write", inSchool: false, path: () => "/office/staff" },
  { name: "trail", permission: "trail.read", inSchool: false, path: () => "/office/trail" },
];

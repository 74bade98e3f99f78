/** The sections of the office in the order of a day's work. A section is shown to whoever may open it. */
import type { Permission } from "../../office/roles.js";
import type { OfficeWords } from "./words.ru.js";

export interface Section {
  readonly name: keyof OfficeWords["section"];
  readonly permission: Permission;
  readonly inSchool: boolean;
  /** The menu in which it stands when there are too many to stand side by side. */
  readonly menu?: keyof OfficeWords["menus"];
  readonly path: (school: number) => string;
}

export const SECTIONS: readonly Section[] = [
  { name: "work", permission: "work.read", inSchool: false, path: () => "/office" },
  { name: "people", menu: "people", permission: "people.read", inSchool: true, path: (school) => "/office/" + school + "/people" },
  { name: "employees", menu: "people", permission: "employees.read", inSchool: true, path: (school) => "/office/" + school + "/employees" },
  { name: "lists", menu: "people", permission: "people.import", inSchool: true, path: (school) => "/office/" + school + "/lists" },
  { name: "moves", menu: "people", permission: "people.move", inSchool: true, path: (school) => "/office/" + school + "/moves" },
  { name: "year", menu: "people", permission: "people.import", inSchool: true, path: (school) => "/office/" + school + "/year" },
  { name: "cards", menu: "cards", permission: "cards.read", inSchool: true, path: (school) => "/office/" + school + "/cards" },
  { name: "photos", menu: "cards", permission: "photos.read", inSchool: true, path: (school) => "/office/" + school + "/photos" },
  { name: "batches", menu: "cards", permission: "cards.make", inSchool: true, path: (school) => "/office/" + school + "/batches" },
  { name: "journal", menu: "cards", permission: "journal.read", inSchool: false, path: () => "/office/journal" },
  { name: "desks", menu: "cards", permission: "cards.make", inSchool: false, path: () => "/office/desks" },
  { name: "menu", menu: "meals", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/menu" },
  { name: "cycle", menu: "meals", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/cycle" },
  { name: "recipes", menu: "meals", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/recipes" },
  { name: "tariffs", menu: "meals", permission: "menu.read", inSchool: true, path: (school) => "/office/" + school + "/tariffs" },
  { name: "payments", menu: "money", permission: "payments.read", inSchool: true, path: (school) => "/office/" + school + "/payments" },
  { name: "claims", menu: "money", permission: "claims.read", inSchool: true, path: (school) => "/office/" + school + "/claims" },
  { name: "bank", menu: "money", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/bank" },
  { name: "settlement", menu: "money", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/settlement" },
  { name: "refunds", menu: "money", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/refunds" },
  { name: "receipts", menu: "money", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/receipts" },
  { name: "periods", menu: "money", permission: "money.read", inSchool: true, path: (school) => "/office/" + school + "/periods" },
  { name: "money", menu: "money", permission: "money.read", inSchool: false, path: () => "/office/money" },
  { name: "reports", permission: "reports.read", inSchool: true, path: (school) => "/office/" + school + "/reports" },
  { name: "letters", menu: "families", permission: "letters.read", inSchool: true, path: (school) => "/office/" + school + "/letters" },
  {
    name: "announcements",
    menu: "families",
    permission: "announcements.read",
    inSchool: true,
    path: (school) => "/office/" + school + "/announcements",
  },
  { name: "network", menu: "network", permission: "network.read", inSchool: false, path: () => "/office/network" },
  {
    name: "terminals",
    menu: "network",
    permission: "terminals.read",
    inSchool: true,
    path: (school) => "/office/" + school + "/terminals",
  },
  { name: "staff", menu: "watch", permission: "staff.write", inSchool: false, path: () => "/office/staff" },
  { name: "trail", menu: "watch", permission: "trail.read", inSchool: false, path: () => "/office/trail" },
];

/** All reports: what each asks for, who may read it, and what makes it. */
import type { Permission } from "../office/roles.js";
import { cashBoxes, collections, sales, shifts } from "./cash-reports.js";
import { diets } from "./diet-reports.js";
import { attendance, classLists, crossCheck, headCount, preOrders } from "./meal-reports.js";
import { catererTurnover, debtors, dishTurnover } from "./money-reports.js";
import type { Ask, Made } from "./report.js";
import { transferShares } from "./transfer-reports.js";
import type { ReportWords } from "./words.ru.js";

export type ReportName = keyof ReportWords["reports"];

export interface Report {
  readonly name: ReportName;
  readonly permission: Permission;
  /** `now` asks for no day, `day` for one, `period` for two. */
  readonly when: "now" | "day" | "period";
  /** Days from today that are shown when nothing was asked. */
  readonly usual: readonly [from: number, to: number];
  readonly filters: readonly ("class" | "meal")[];
  /** Wider than an upright sheet. */
  readonly wide: boolean;
  readonly make: (ask: Ask) => Promise<Made>;
}

export const REPORTS: readonly Report[] = [
  { name: "classes", permission: "meals.read", when: "now", usual: [0, 0], filters: ["class"], wide: false, make: classLists },
  { name: "orders", permission: "meals.read", when: "period", usual: [0, 14], filters: ["class", "meal"], wide: false, make: preOrders },
  { name: "kitchen", permission: "kitchen.read", when: "day", usual: [1, 1], filters: ["class", "meal"], wide: false, make: headCount },
  { name: "diets", permission: "diets.read", when: "period", usual: [0, 1], filters: ["class", "meal"], wide: true, make: diets },
  {
    name: "attendance",
    permission: "meals.read",
    when: "period",
    usual: [-13, 0],
    filters: ["class", "meal"],
    wide: true,
    make: attendance,
  },
  { name: "check", permission: "meals.read", when: "period", usual: [0, 0], filters: ["class", "meal"], wide: true, make: crossCheck },
  { name: "debtors", permission: "debts.read", when: "day", usual: [0, 0], filters: ["class"], wide: false, make: debtors },
  { name: "dishes", permission: "turnover.read", when: "period", usual: [-6, 0], filters: [], wide: true, make: dishTurnover },
  { name: "caterers", permission: "turnover.read", when: "period", usual: [-9, 0], filters: [], wide: true, make: catererTurnover },
  { name: "transfers", permission: "money.read", when: "period", usual: [-9, 0], filters: [], wide: true, make: transferShares },
  { name: "cash", permission: "cash.read", when: "period", usual: [0, 0], filters: [], wide: false, make: cashBoxes },
  { name: "collections", permission: "cash.read", when: "period", usual: [-30, 0], filters: [], wide: true, make: collections },
  { name: "shifts", permission: "shifts.read", when: "period", usual: [-6, 0], filters: [], wide: true, make: shifts },
  { name: "sales", permission: "shifts.read", when: "period", usual: [0, 0], filters: [], wide: true, make: sales },
];

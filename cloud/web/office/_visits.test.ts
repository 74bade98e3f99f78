/** The office's pages, by who may open them, for tests that look at each. */
import { PUPIL, SCHOOL } from "../../_gateway.test.js";
import { REPORTS } from "../../reports/reports.js";

export const at = "/office/" + SCHOOL;
const reports = REPORTS.map(({ name }) => at + "/reports/" + name);
/** Between them these open every page; `list` and `entry` stand for ones that were taken. */
export const VISITS = {
  operator: [
    "/office",
    "/office/network",
    at + "/terminals",
    at + "/terminals/1",
    "/office/staff",
    "/office/trail",
    "/office/journal",
    at + "/letters",
    at + "/letters/1",
    at + "/announcements",
    at + "/announcements/1",
    "/office/desks",
    at + "/batches",
    at + "/batches/1",
    at + "/menu",
    at + "/cycle",
    at + "/recipes",
    at + "/tariffs",
    at + "/cards",
    at + "/photos",
    at + "/employees",
    at + "/employees/2",
    at + "/employees/2/card",
    at + "/payments",
    at + "/bank",
    at + "/settlement",
    at + "/refunds",
    at + "/receipts",
    at + "/periods",
    at + "/moves",
    "/office/money",
    at + "/claims",
    at + "/claims/payment/entry",
    at + "/reports",
    ...reports,
  ],
  cards: [at + "/people", at + "/people/" + PUPIL, at + "/people/" + PUPIL + "/card", at + "/lists", at + "/lists/list", at + "/year"],
  teacher: [at + "/cards"],
} as const;

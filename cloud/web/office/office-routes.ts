/** Every page of the office. The test of rights goes through this list, so a page that is not in it does not exist. */
import { ANNOUNCEMENT_ROUTES } from "./announcements/announcement-pages.js";
import { BATCH_ROUTES } from "./cards/batch-pages.js";
import { CARD_ROUTES } from "./cards/card-routes.js";
import { PHOTO_ROUTES } from "./cards/photo-routes.js";
import { LETTER_ROUTES } from "./letters/letter-pages.js";
import { DESK_ROUTES } from "./cards/desk-pages.js";
import { CLAIM_ROUTES } from "./claims/claim-pages.js";
import { BUFFET_ROUTES } from "./menu/buffet-pages.js";
import { CYCLE_ROUTES } from "./menu/cycle-pages.js";
import { RECIPE_ROUTES } from "./menu/recipe-pages.js";
import { TARIFF_ROUTES } from "./menu/tariff-pages.js";
import { BANK_ROUTES } from "./money/bank-pages.js";
import { FISCAL_ROUTES } from "./money/fiscal-pages.js";
import { MOVE_ROUTES } from "./money/move-pages.js";
import { PAYMENT_ROUTES } from "./money/payment-pages.js";
import { PERIOD_ROUTES } from "./money/period-pages.js";
import { REFUND_ROUTES } from "./money/refund-pages.js";
import { REGISTRY_ROUTES } from "./money/registry-pages.js";
import { SETTLEMENT_ROUTES } from "./money/settlement-pages.js";
import { NETWORK_ROUTES } from "./network/network-pages.js";
import { EMPLOYEE_ROUTES } from "./people/employee-pages.js";
import { LIST_ROUTES } from "./people/list-pages.js";
import { PEOPLE_ROUTES } from "./people/people-pages.js";
import { YEAR_ROUTES } from "./people/year-pages.js";
import { REPORT_ROUTES } from "./report-pages.js";
import type { OfficeRoute } from "./route.js";
import { STAFF_ROUTES } from "./staff-pages.js";
import { TRAIL_ROUTES } from "./trail-pages.js";
import { WORK_ROUTES } from "./work-pages.js";

export const OFFICE_ROUTES: readonly OfficeRoute[] = [
  ...WORK_ROUTES,
  ...NETWORK_ROUTES,
  ...PEOPLE_ROUTES,
  ...EMPLOYEE_ROUTES,
  ...LIST_ROUTES,
  ...YEAR_ROUTES,
  ...CARD_ROUTES,
  ...PHOTO_ROUTES,
  ...LETTER_ROUTES,
  ...ANNOUNCEMENT_ROUTES,
  ...DESK_ROUTES,
  ...BATCH_ROUTES,
  ...BUFFET_ROUTES,
  ...CYCLE_ROUTES,
  ...RECIPE_ROUTES,
  ...TARIFF_ROUTES,
  ...PAYMENT_ROUTES,
  ...BANK_ROUTES,
  ...SETTLEMENT_ROUTES,
  ...REFUND_ROUTES,
  ...MOVE_ROUTES,
  ...FISCAL_ROUTES,
  ...PERIOD_ROUTES,
  ...REGISTRY_ROUTES,
  ...CLAIM_ROUTES,
  ...REPORT_ROUTES,
  ...STAFF_ROUTES,
  ...TRAIL_ROUTES,
];

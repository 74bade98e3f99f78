/** Every page of the office. The test of rights goes through this list, so a page that is not in it does not exist. */
import type { OfficeRoute } from "./route.js";
import { STAFF_ROUTES } from "./staff-pages.js";
import { TRAIL_ROUTES } from "./trail-pages.js";
import { WORK_ROUTES } from "./work-pages.js";

export const OFFICE_ROUTES: readonly OfficeRoute[] = [...WORK_ROUTES, ...STAFF_ROUTES, ...TRAIL_ROUTES];

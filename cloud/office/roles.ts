/** Who may do what in the office: one table, and nothing else decides. What does not stand in it is refused. */

export const ROLES = ["cards", "teacher", "dispatcher", "cashier", "caterer", "accountant", "operator", "technician", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** `cards` is a school's responsible for cards (R3.1); `operator` the specialised operator who makes them. A teacher sees one class only. */
const TABLE = {
  "work.read": ["cards", "teacher", "dispatcher", "cashier", "caterer", "accountant", "operator", "technician", "auditor"],
  "staff.write": ["operator"],
  "trail.read": ["operator", "auditor"],
  "people.read": ["cards", "teacher", "dispatcher", "operator", "auditor"],
  "people.write": ["cards", "dispatcher", "operator"],
  "people.import": ["cards", "operator"],
  "people.erase": ["operator"],
  "people.move": ["operator"],
  "employees.read": ["cards", "operator", "auditor"],
  "employees.write": ["cards", "operator"],
  "letters.read": ["cards", "dispatcher", "operator", "auditor"],
  "letters.answer": ["cards", "dispatcher", "operator"],
  "announcements.read": ["cards", "teacher", "dispatcher", "operator", "auditor"],
  "announcements.write": ["cards", "teacher", "dispatcher", "operator"],
  "menu.read": ["teacher", "cashier", "caterer", "accountant", "operator", "auditor"],
  "menu.write": ["caterer", "operator"],
  "tariff.write": ["accountant", "operator"],
  "cards.read": ["cards", "teacher", "operator", "auditor"],
  "cards.list": ["cards", "operator", "auditor"],
  "cards.receive": ["cards", "operator"],
  "cards.apply": ["cards"],
  "cards.issue": ["cards", "teacher"],
  "cards.make": ["operator"],
  "photos.read": ["cards", "teacher", "operator"],
  "photos.take": ["cards", "operator"],
  "photos.judge": ["cards", "teacher"],
  "journal.read": ["operator", "auditor"],
  "payments.read": ["dispatcher", "accountant", "operator", "auditor"],
  "payments.admit": ["dispatcher", "operator"],
  "money.read": ["accountant", "operator", "auditor"],
  "money.write": ["accountant", "operator"],
  "network.read": ["accountant", "operator", "technician", "auditor"],
  "terminals.read": ["accountant", "operator", "technician", "auditor"],
  "claims.read": ["dispatcher", "accountant", "operator", "auditor"],
  "claims.write": ["dispatcher", "accountant", "operator"],
  "cards.block": ["cards", "dispatcher", "operator"],
  "reports.read": ["cards", "teacher", "dispatcher", "cashier", "caterer", "accountant", "operator", "auditor"],
  "meals.read": ["cards", "teacher", "dispatcher", "caterer", "accountant", "operator", "auditor"],
  "diets.read": ["teacher", "dispatcher", "caterer"],
  "kitchen.read": ["teacher", "dispatcher", "cashier", "caterer", "accountant", "operator", "auditor"],
  "debts.read": ["teacher", "dispatcher", "accountant", "operator", "auditor"],
  "turnover.read": ["caterer", "accountant", "operator", "auditor"],
  "cash.read": ["accountant", "operator", "auditor"],
  "shifts.read": ["cashier", "accountant", "operator", "auditor"],
} satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof TABLE;
export const PERMISSIONS = Object.keys(TABLE) as Permission[];

export function may(role: Role, permission: Permission): boolean {
  return (TABLE[permission] as readonly Role[]).includes(role);
}

/**
 * Who is at work: `school` null works for all schools, `class` is a teacher's own, `own` the number that a caterer or a cashier has in the school: they see
 * their own figures and nobody else's.
 */
export interface Actor {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly school: number | null;
  readonly class: number | null;
  readonly own: number | null;
}

export function reaches(actor: Actor, school: number): boolean {
  return actor.school === null || actor.school === school;
}

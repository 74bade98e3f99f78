import test from "ava";
import { PERMISSIONS, ROLES, may, reaches } from "./roles.js";
import type { Actor } from "./roles.js";

test("an auditor reads and changes nothing; only the operator makes cards, staff and erasures", (t) => {
  for (const permission of PERMISSIONS) if (may("auditor", permission)) t.true(/\.(read|list)$/.test(permission), permission);
  for (const permission of ["cards.make", "staff.write", "people.erase"] as const) {
    t.deepEqual(
      ROLES.filter((role) => may(role, permission)),
      ["operator"],
      permission,
    );
  }
});

test("a person of one school reaches no other", (t) => {
  const actor: Actor = { login: "a", name: "А", role: "cards", school: 24, class: null, own: null };
  t.true(reaches(actor, 24));
  t.false(reaches(actor, 25));
  t.true(reaches({ ...actor, school: null }, 25));
});

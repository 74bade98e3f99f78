/** The sheet of the office: the house's own, wide, with the sections that this person may open. */
import type { ComponentChildren } from "preact";
import { may, reaches } from "../../office/roles.js";
import { Sheet } from "../layout.js";
import type { Visit } from "./route.js";
import { SECTIONS } from "./sections.js";

export interface OfficeSheetProps {
  readonly visit: Visit;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function OfficeSheet({ visit, title, children }: OfficeSheetProps) {
  const { words, actor } = visit;
  const school = actor.school ?? visit.school;
  const open = SECTIONS.filter(
    ({ permission, inSchool }) => may(actor.role, permission) && (!inSchool || (school > 0 && reaches(actor, school))),
  );
  const sections = open.map(({ name, path }) => ({ href: path(school), name: words.section[name] }));
  const place = school > 0 ? words.school(school) + " · " : "";
  const who = { name: place + actor.name + ", " + words.roles[actor.role], href: "/office", out: "/office/logout" };
  return (
    <Sheet {...{ title, who, sections }} home="/office" wide>
      <div class="office">
        <h1>{title}</h1>
        {children}
      </div>
    </Sheet>
  );
}

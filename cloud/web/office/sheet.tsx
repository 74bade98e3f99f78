/** The sheet of the office: the house's own, wide, with the sections that this person may open. */
import type { ComponentChildren } from "preact";
import { may, reaches } from "../../office/roles.js";
import { Sheet } from "../layout.js";
import type { Section as Link, Menu } from "../layout.js";
import type { Visit } from "./route.js";
import { SECTIONS } from "./sections.js";
import type { Section } from "./sections.js";
import type { OfficeWords } from "./words.ru.js";

export interface OfficeSheetProps {
  readonly visit: Visit;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** As many as stand in one line. */
const MOST_LINKS = 10;

const linkTo = ({ name, path }: Section, school: number, words: OfficeWords): Link => ({ href: path(school), name: words.section[name] });

/** Menus in the order of their first sections; one with a single entry is the entry itself. */
function menusOf(open: readonly Section[], school: number, words: OfficeWords): (Link | Menu)[] {
  return open.flatMap((one, at): (Link | Menu)[] => {
    const inMenu = open.filter(({ menu }) => menu !== undefined && menu === one.menu);
    if (one.menu === undefined || inMenu.length === 1) return [linkTo(one, school, words)];
    if (open.findIndex(({ menu }) => menu === one.menu) !== at) return [];
    return [{ name: words.menus[one.menu], sections: inMenu.map((section) => linkTo(section, school, words)) }];
  });
}

export function OfficeSheet({ visit, title, children }: OfficeSheetProps) {
  const { words, actor } = visit;
  const school = actor.school ?? visit.school;
  const open = SECTIONS.filter(
    ({ permission, inSchool }) => may(actor.role, permission) && (!inSchool || (school > 0 && reaches(actor, school))),
  );
  const sections = open.length > MOST_LINKS ? menusOf(open, school, words) : open.map((one) => linkTo(one, school, words));
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

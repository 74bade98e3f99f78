/** A parent's page: the house's sheet with their name and their sections. */
import type { ComponentChildren } from "preact";
import { Sheet } from "../layout.js";
import { Note } from "../parts.js";
import { parentWords } from "./words.js";
import { useReader } from "../reader-context.js";

export interface ParentSheetProps {
  readonly title: string;
  /** Name of who is logged in. */
  readonly guardian: string;
  readonly children: ComponentChildren;
}

/** A page for everybody: with a guardian's sections when one is logged in. */
export function OpenSheet({ guardian, ...page }: Omit<ParentSheetProps, "guardian"> & { readonly guardian: string | null }) {
  return guardian === null ? <Sheet {...page} /> : <ParentSheet {...{ guardian, ...page }} />;
}

export function ParentSheet({ title, guardian, children }: ParentSheetProps) {
  const { sections, offline } = parentWords(useReader().language);
  const all = [
    { href: "/", name: sections.children },
    { href: "/pay", name: sections.pay },
    { href: "/notices", name: sections.notices },
    { href: "/profile", name: sections.profile },
    { href: "/help", name: sections.help },
  ];
  return (
    <Sheet title={title} who={{ name: guardian, href: "/profile", out: "/logout" }} sections={all}>
      <div data-offline hidden>
        <Note tone="warning">
          {offline} <time />
        </Note>
      </div>
      {children}
    </Sheet>
  );
}

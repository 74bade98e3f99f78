/** The sheet that every page lies on, and what any piece of it may ask of its reader. */
import { render } from "preact-render-to-string";
import type { ComponentChildren, VNode } from "preact";
import type { FastifyReply } from "fastify";
import { ICON_PATH, LIVE_PATH, MANIFEST_PATH, STYLE_PATH } from "./assets.js";
import { Form } from "./form.js";
import { Note } from "./parts.js";
import type { Reader } from "./reader.js";
import { ReaderContext, useReader } from "./reader-context.js";

/** An entry of the sections beside the product's name. */
export interface Section {
  readonly href: string;
  readonly name: string;
}

/** Sections under one word: too many to stand side by side. */
export interface Menu {
  readonly name: string;
  readonly sections: readonly Section[];
}

export interface SheetProps {
  readonly title: string;
  /** Who is logged in, and where that ends; null at the door. */
  readonly who?: { readonly name: string; readonly href: string; readonly out: string } | null;
  readonly sections?: readonly (Section | Menu)[];
  /** Where the product's name leads. */
  readonly home?: string;
  /** Wider than a letter: for the office's tables. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export function Sheet({ title, who = null, sections = [], home = "/", wide = false, children }: SheetProps) {
  const { words, language, here, saying } = useReader();
  const other = language === "ru" ? "en" : "ru";
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title + " · " + words.product}</title>
        <link rel="stylesheet" href={STYLE_PATH} />
        <link rel="icon" href={ICON_PATH} />
        <link rel="manifest" href={MANIFEST_PATH} />
        <script src={LIVE_PATH} defer></script>
      </head>
      <body class={wide ? "wide" : undefined}>
        <a class="skip" href="#content">
          {words.toContent}
        </a>
        <header class="head">
          <a class="product" href={home}>
            {words.product}
          </a>
          {who && (
            <a class="who" href={who.href}>
              {who.name}
            </a>
          )}
          <Form action="/language">
            <input type="hidden" name="language" value={other} />
            <input type="hidden" name="here" value={here} />
            <button class="quiet" lang={other}>
              {words.otherLanguage}
            </button>
          </Form>
          {who && (
            <Form action={who.out}>
              <button class="quiet">{words.logout}</button>
            </Form>
          )}
        </header>
        {sections.length > 0 && <Sections sections={sections} here={here} name={words.main} />}
        <main id="content" tabIndex={-1}>
          {saying && (
            <div role={saying.done ? "status" : "alert"}>
              <Note tone={saying.done ? "good" : "warning"}>{saying.sentence}</Note>
            </div>
          )}
          {children}
        </main>
      </body>
    </html>
  );
}

function Sections({ sections, here, name }: { sections: readonly (Section | Menu)[]; here: string; name: string }) {
  const path = here.split("?")[0];
  // A page below a section belongs to it; below the first page of a room lies everything.
  const isOpen = ({ href }: Section) => path === href || (href.split("/").length > 3 && path.startsWith(href + "/"));
  const link = (section: Section) => (
    <a href={section.href} aria-current={isOpen(section) ? "page" : undefined}>
      {section.name}
    </a>
  );
  return (
    <nav class="sections" aria-label={name}>
      {sections.map((one) =>
        "href" in one ? (
          link(one)
        ) : (
          // Of one name: the browser closes a menu when another is opened, without a script.
          <details name="menu">
            <summary aria-current={one.sections.some(isOpen) ? "true" : undefined}>{one.name}</summary>
            <ul>
              {one.sections.map((section) => (
                <li>{link(section)}</li>
              ))}
            </ul>
          </details>
        ),
      )}
    </nav>
  );
}

/** Sends a whole document. Preact escapes every text it is given; nothing of a person's page is kept by anybody in between. */
export function sendPage(reply: FastifyReply, reader: Reader, node: VNode): FastifyReply {
  return reply
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .send("<!doctype html>\n" + piece(reader, node));
}

/** A piece of a page, for what is brought up to date in place. */
export function piece(reader: Reader, node: VNode): string {
  return render(<ReaderContext.Provider value={reader}>{node}</ReaderContext.Provider>);
}

/** The sheet that every page lies on. */
import { render } from "preact-render-to-string";
import type { ComponentChildren, VNode } from "preact";
import type { Words } from "./words.ru.js";

export interface SheetProps {
  readonly words: Words;
  readonly title: string;
  /** Who is logged in; null at the door. */
  readonly guardian: string | null;
  /** Where the page is, to come back to in the other language. */
  readonly here: string;
  readonly children: ComponentChildren;
}

export function Sheet({ words, title, guardian, here, children }: SheetProps) {
  return (
    <html lang={words.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title + " · " + words.product}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="/assets/icon.svg" />
        <script src="/assets/live.js" defer></script>
      </head>
      <body>
        <header class="head">
          <a class="product" href="/">
            {words.product}
          </a>
          <span class="who">{guardian}</span>
          <form method="post" action="/language">
            <input type="hidden" name="language" value={words.language === "ru" ? "en" : "ru"} />
            <input type="hidden" name="here" value={here} />
            <button class="quiet" lang={words.language === "ru" ? "en" : "ru"}>
              {words.otherLanguage}
            </button>
          </form>
          {guardian !== null && (
            <form method="post" action="/logout">
              <button class="quiet">{words.logout}</button>
            </form>
          )}
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** A whole document. Preact escapes every text it is given. */
export function page(node: VNode): string {
  return "<!doctype html>\n" + render(node);
}

/** A piece of one, for what is brought up to date in place. */
export function piece(node: VNode): string {
  return render(node);
}

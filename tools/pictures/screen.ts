/** Eyes and a finger at one terminal of the bench's page, in a real browser. */
import type { Locator, Page } from "playwright-core";

export interface Screen {
  read(): Promise<string[]>;
  until(text: string): Promise<void>;
  /** Clicks on the picture where the words stand. */
  press(label: string): Promise<void>;
  /** Chooses the terminal, then clicks the card. */
  tap(card: string): Promise<void>;
  /** Moves the keyboard to a control and presses a key there. */
  key(control: Locator, key: "Enter" | "Space"): Promise<void>;
  /** The newest paper as text, once `text` has come out of the printer. */
  paper(text: string): Promise<string>;
  readonly node: Locator;
}

const PATIENCE_MS = 30_000;
/** A person looks before the next press; the panel is asked some twenty times a second. */
const PAUSE_MS = 250;

export function screenOf(page: Page, kind: "payment" | "settlement" | "information"): Screen {
  const node = page.locator(`article.${kind}`);
  const words = node.locator(".writing span");
  const word = (label: string): Locator => words.filter({ hasText: new RegExp(`^\\s*${label}\\s*$`) }).last();
  return {
    node,
    read: () => words.allTextContents(),
    until: (text) => words.filter({ hasText: text }).first().waitFor({ state: "attached", timeout: PATIENCE_MS }),
    async press(label) {
      await page.waitForTimeout(PAUSE_MS);
      const box = await word(label).boundingBox({ timeout: PATIENCE_MS });
      if (!box) throw new Error(`"${label}" has no place on the screen`);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    },
    async tap(card) {
      await node.locator("h2").click();
      await page.locator(".card", { hasText: card }).first().click();
    },
    async key(control, key) {
      await control.focus();
      await page.keyboard.press(key);
    },
    async paper(text) {
      const newest = node.locator(".receipt").first();
      await newest.filter({ hasText: text }).waitFor({ timeout: PATIENCE_MS });
      return newest.innerText();
    },
  };
}

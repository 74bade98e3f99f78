/** A real browser for the pages' slow tests: a small telephone, with or without scripts, light and dark, pictures kept, and axe-core looking at each page. */
import { existsSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";

/** The shell without windows first: it shows the same pages for two thirds of the work. */
export const CHROMIUM = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => existsSync(path));
const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
export const PHONE = { width: 360, height: 640 };
export const DESK = { width: 1280, height: 900 };
/** Pictures of pages, to be looked at: made only when TRAPEZA_PICTURES=1 asks for them, since they cost as much as what is tested. */
const wantsPictures = process.env.TRAPEZA_PICTURES === "1";
const artifacts = join(fileURLToPath(new URL(import.meta.url)).split("/cloud/dist/")[0], "artifacts", "pages");

export interface Device {
  readonly language?: "ru" | "en";
  readonly scripts?: boolean;
  readonly dark?: boolean;
  /** Whether the page may keep itself for when there is no connection. */
  readonly worker?: boolean;
  readonly screen?: { readonly width: number; readonly height: number };
}

/** A title that says why its test is not run where there is no browser. */
export const withBrowser = (what: string): string => (CHROMIUM ? what : what + " (there is no chromium in /usr/bin)");

export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(" ") });
}

export function contextFor(
  browser: Browser,
  { language = "ru", scripts = true, dark = false, screen = PHONE, worker = false }: Device,
): Promise<BrowserContext> {
  return browser.newContext({
    ...{ viewport: screen, javaScriptEnabled: scripts, colorScheme: dark ? "dark" : "light" },
    locale: language === "ru" ? "ru-RU" : "en-GB",
    // What a worker fetches passes by everything that a test puts in a page's way.
    serviceWorkers: worker ? "allow" : "block",
  });
}

/** Keeps the whole page as a picture, where pictures are wanted. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!wantsPictures) return;
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, name + ".png"), fullPage: true });
}

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Found {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe-core has against the page, a line each; empty when nothing. Also says when the page is wider than its screen. */
export async function troublesOf(page: Page): Promise<string[]> {
  await page.evaluate(await axe);
  const [wide, room] = (await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")) as [number, number];
  return [...(await objections(page, "{}")), ...(wide > room ? [page.url() + " is " + wide + " pixels wide on a screen of " + room] : [])];
}

/** The same of a page in the light, and what is left to ask of it in the dark: its colours. `look` sees it in both. */
export async function troublesInBoth(page: Page, look: (scheme: "light" | "dark") => Promise<unknown>): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  const light = await troublesOf(page);
  await look("light");
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await objections(page, "{ runOnly: ['color-contrast', 'link-in-text-block'] }");
  await look("dark");
  return [...light, ...dark.map((one) => "dark: " + one)];
}

async function objections(page: Page, options: string): Promise<string[]> {
  const { violations } = (await page.evaluate("axe.run(" + options + ")")) as Found;
  return violations.map(({ id, help, nodes }) => [page.url(), id, help, nodes[0].html].join(" | "));
}

/** Does what leaves the page, and comes back when the next one stands: a test that opens another before would break it off. */
export async function landing(page: Page, leave: () => Promise<void>): Promise<void> {
  // Not "load": that of the page that is left may still be on its way.
  await Promise.all([page.waitForEvent("framenavigated"), leave()]);
  await page.waitForLoadState("load");
}

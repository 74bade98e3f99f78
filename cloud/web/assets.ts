/** Style, script, icon and the two fonts: everything a page loads, from here and from nowhere else. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { FastifyInstance } from "fastify";
import { LIVE_SCRIPT } from "./live-script.js";
import { STYLE } from "./style.js";

const DAY_SECONDS = 86400;
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="6" fill="#1d5c63"/><path d="M8 9h16v4h-6v12h-4V13H8z" fill="#fff"/>
</svg>`;
const FONTS = { "pt-sans-400.ttf": "400Regular/PTSans_400Regular.ttf", "pt-sans-700.ttf": "700Bold/PTSans_700Bold.ttf" };

export function serveAssets(app: FastifyInstance): void {
  const text = (name: string, type: string, body: string) =>
    app.get("/assets/" + name, (_, reply) => reply.type(type).header("cache-control", "no-cache").send(body));
  text("style.css", "text/css; charset=utf-8", STYLE);
  text("live.js", "text/javascript; charset=utf-8", LIVE_SCRIPT);
  text("icon.svg", "image/svg+xml", ICON);
  const require = createRequire(import.meta.url);
  for (const [name, file] of Object.entries(FONTS)) {
    const body = readFile(require.resolve("@expo-google-fonts/pt-sans/" + file));
    // Asked for later or never; whoever asks gets the failure.
    body.catch(() => undefined);
    app.get("/assets/" + name, async (_, reply) =>
      reply
        .type("font/ttf")
        .header("cache-control", "public, max-age=" + 30 * DAY_SECONDS)
        .send(await body),
    );
  }
}

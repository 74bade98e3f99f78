/**
 * Style, script, icon and fonts: everything a page loads, from here and from nowhere else. Names carry the hash of what is in them, so a browser asks once
 * and never again; a changed one has another name. Compressed when the program starts, which costs nobody anything later.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { DEVICE_SCRIPT } from "./device-script.js";
import { LIVE_SCRIPT } from "./live-script.js";
import { OFFICE_STYLE } from "./office/style.js";
import { PARENT_STYLE } from "./parent/style.js";
import { PROOF_MODULES } from "./proof-assets.js";
import { STYLE } from "./style.js";
import { ru } from "./words.ru.js";
import { workerScript } from "./worker-script.js";

const FOR_EVER = "public, max-age=31536000, immutable";
const HASH_LENGTH = 10;
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="6" fill="#1d5c63"/><path d="M8 9h16v4h-6v12h-4V13H8z" fill="#fff"/>
</svg>`;

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

const require = createRequire(import.meta.url);
const FONT_NAMES = ["400", "700"].flatMap((weight) =>
  ["cyrillic", "latin", "latin-ext"].map((part) => `pt-sans-${part}-${weight}-normal.woff2`),
);
const FONTS = new Map(FONT_NAMES.map((name) => [name, require.resolve("@fontsource/pt-sans/files/" + name)]));

const style = asset("style", "css", "text/css; charset=utf-8", STYLE + PARENT_STYLE + OFFICE_STYLE);
const live = asset("live", "js", "text/javascript; charset=utf-8", LIVE_SCRIPT + DEVICE_SCRIPT);
const icon = asset("icon", "svg", "image/svg+xml", ICON);

export const STYLE_PATH = style.path;
export const LIVE_PATH = live.path;
export const ICON_PATH = icon.path;
const WORKER = workerScript(
  ICON_PATH,
  createHash("sha256")
    .update(STYLE_PATH + LIVE_PATH)
    .digest("hex")
    .slice(0, HASH_LENGTH),
);
const MANIFEST = JSON.stringify({
  ...{ name: ru.product, short_name: ru.product, lang: "ru", id: "/", start_url: "/", display: "standalone" },
  ...{ background_color: "#f7f5f0", theme_color: "#1d5c63" },
  icons: [{ src: ICON_PATH, sizes: "any", type: "image/svg+xml", purpose: "any" }],
});
export const MANIFEST_PATH = "/manifest.webmanifest";

function asset(name: string, ending: string, type: string, text: string): Asset {
  const body = Buffer.from(text);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, HASH_LENGTH);
  return { path: "/assets/" + name + "." + hash + "." + ending, type, body };
}

export function serveAssets(app: FastifyInstance): void {
  for (const one of [style, live, icon]) serve(app, one);
  for (const { path, text } of PROOF_MODULES) serve(app, { path, type: "text/javascript; charset=utf-8", body: Buffer.from(text) });
  // At the root, because a worker looks after the pages below its own address; asked for anew each time, because its name never changes.
  app.get("/worker.js", (_, reply) => reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(WORKER));
  app.get(MANIFEST_PATH, (_, reply) => reply.type("application/manifest+json").header("cache-control", "no-cache").send(MANIFEST));
  for (const [name, file] of FONTS) {
    const body = readFile(file);
    // Asked for later or never; whoever asks gets the failure.
    body.catch(() => undefined);
    app.get("/assets/" + name, async (_, reply) =>
      reply
        .type("font/woff2")
        .header("cache-control", FOR_EVER)
        .send(await body),
    );
  }
}

function serve(app: FastifyInstance, { path, type, body }: Asset): void {
  const packed = { br: brotliCompressSync(body), gzip: gzipSync(body) };
  app.get(path, (request, reply) => {
    const accepted = request.headers["accept-encoding"] ?? "";
    const how = (["br", "gzip"] as const).find((name) => new RegExp("\\b" + name + "\\b").test(accepted));
    if (how) void reply.header("content-encoding", how);
    return reply
      .type(type)
      .header("vary", "accept-encoding")
      .header("cache-control", FOR_EVER)
      .send(how ? packed[how] : body);
  });
}

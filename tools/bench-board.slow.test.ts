/** The bench's page and a real board, as far as a browser without one can play it: chromium with a serial port and a radio that are none. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { chromium, type Browser, type Page } from "playwright-core";
import { createFlash, createRealClock, createTcpNetwork, createTerminal, openBench, type Bench } from "@trapeza/simulators";
import { rootPath } from "./tree.js";

const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split(
  " ",
);
const step = program ? test.serial : test.serial.skip;
const title = (what: string): string => (program ? what : `${what} (there is no chromium in /usr/bin)`);
const artifacts = join(rootPath, "artifacts", "browser");

let bench: Bench;
let browser: Browser;

/** Runs in the page before its scripts: a small line editor of Espruino's kind, and behind it a board's own names. */
const FAKE_BOARD = `
  const lines = [];
  const sent = { lines };
  globalThis.fakeBoard = sent;
  let push = () => {};
  const reader = [0, 0, 255, 0, 255, 0, 0, 0, 255, 6, 250, 0xd5, 3, 0x32, 1, 6, 7, 0xe8, 0];
  function serial(answer) {
    let take = null;
    const write = () => {
      const said = answer();
      if (said) setTimeout(() => take(said), 20);
    };
    return { setup() {}, removeAllListeners() {}, on(_event, listener) { take = listener; }, write };
  }
  const text = (bytes) => bytes.map((byte) => String.fromCharCode(byte)).join("");
  Object.assign(globalThis, {
    process: { env: { BOARD: "ESP32_CYD", VERSION: "2v29", CONSOLE: "Serial1" }, memory: () => ({ free: 3600, total: 3800 }) },
    Serial2: serial(() => text(reader)),
    Serial3: serial(() => ""),
    g: { getWidth: () => 320, getHeight: () => 240 },
    require: () => ({
      getFree: () => 700000,
      list: () => [".bootcde", "config", "font-small"],
      readJSON: () => ({ terminal: 2, kind: "settlement", host: "10.0.0.2", port: 1883, key: "5a".repeat(32) }),
    }),
    Serial1: { println: (line) => push(line + "\\r\\n") },
  });
  let held = "";
  function type(chunk) {
    held += chunk;
    for (let end = held.indexOf("\\n"); end >= 0; end = held.indexOf("\\n")) {
      const line = held.slice(0, end).replace("\\x10", "");
      held = held.slice(end + 1);
      lines.push(line);
      if (line !== "reset();" && line !== "load();") setTimeout(() => (0, eval)(line), 5);
    }
  }
`;

const FAKE_PORT = `${FAKE_BOARD}
  const port = {
    async open() {},
    close() {},
    readable: new ReadableStream({ start(controller) { push = (said) => controller.enqueue(new TextEncoder().encode(said)); } }),
    writable: new WritableStream({ write(chunk) { type(new TextDecoder("latin1").decode(chunk)); } }),
  };
  Object.defineProperty(navigator, "serial", { value: { requestPort: async () => port } });
  Object.defineProperty(navigator, "bluetooth", { value: undefined });
`;

/** Nordic's UART service, as Espruino offers it: twenty bytes a write, and the answers as notifications of as many. */
const FAKE_RADIO = `${FAKE_BOARD}
  const [RX, TX] = ["6e400002-b5a3-f393-e0a9-e50e24dcca9e", "6e400003-b5a3-f393-e0a9-e50e24dcca9e"];
  const notifier = new EventTarget();
  notifier.startNotifications = async () => notifier;
  push = (said) => {
    for (const bytes = [...new TextEncoder().encode(said)]; bytes.length > 0;) {
      notifier.value = new DataView(Uint8Array.from(bytes.splice(0, 20)).buffer);
      notifier.dispatchEvent(new Event("characteristicvaluechanged"));
    }
  };
  const written = {
    async writeValue(chunk) {
      if (chunk.byteLength > 20) throw new Error("a packet of " + chunk.byteLength + " bytes");
      type(new TextDecoder("latin1").decode(chunk));
    },
  };
  const service = { getCharacteristic: async (id) => (id === RX ? written : id === TX ? notifier : Promise.reject(new Error(id))) };
  const device = new EventTarget();
  const gatt = { getPrimaryService: async () => service, disconnect() {} };
  Object.assign(device, { name: "Espruino ESP32", id: "1", gatt: { connect: async () => gatt, disconnect() {} } });
  Object.defineProperty(navigator, "bluetooth", { value: { requestDevice: async () => device } });
  Object.defineProperty(navigator, "serial", { value: undefined });
`;

async function visit(address: string, script: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  await context.addInitScript(script);
  const page = await context.newPage();
  await page.goto(address);
  await page.locator("#real").click();
  return page;
}

test.before(async () => {
  if (!program) return;
  mkdirSync(artifacts, { recursive: true });
  const clock = createRealClock();
  const config = { terminal: 2, kind: "settlement" as const, key: "00".repeat(32), host: "127.0.0.1", port: 1, school: 1 };
  const terminal = createTerminal({ config, clock, flash: createFlash(), network: createTcpNetwork(), image: "1" });
  bench = await openBench({ terminals: [terminal], cards: [], port: 0, clock });
  browser = await chromium.launch({ executablePath: program, args: FLAGS });
});

test.after.always(async () => {
  await browser?.close();
  await bench?.close();
});

const ways = [
  ["Web Serial", FAKE_PORT, /Web Serial — ready\s+Web Bluetooth — this browser has none of it/],
  ["Web Bluetooth", FAKE_RADIO, /Web Serial — this browser has none of it \(Chrome and Edge have\)\s+Web Bluetooth — ready/],
] as const;
for (const [way, script, offered] of ways)
  step(title(`through ${way} a board is looked at and examined, and its program goes on afterwards`), async (t) => {
    const page = await visit(bench.address.replace("127.0.0.1", "localhost") + "/?lang=en", script);
    const dialog = page.locator("#board");
    t.regex(await dialog.locator("[data-part=ways]").innerText(), offered);
    await dialog.getByRole("button", { name: "Connect", exact: true }).click();
    // The library's own list of ways.
    await page.locator(".esp-tools-name", { hasText: way }).click();
    await dialog.locator("[data-part=state]", { hasText: "Connected" }).waitFor({ timeout: 20_000 });
    const table = () => dialog.locator("table").innerText();
    t.regex(await table(), /ESP32_CYD, Espruino 2v29/);
    t.regex(await table(), /Settlement terminal, No\. 2, 10\.0\.0\.2:1883/);
    t.false((await table()).includes("5a5a"), "no key on the page");
    await dialog.getByRole("button", { name: "Self-test" }).click();
    await dialog.locator("[data-part=state]", { hasText: "That was all" }).waitFor({ timeout: 20_000 });
    t.regex(await table(), /✓\s+Display\s+320 × 240/);
    t.regex(await table(), /✓\s+Card reader\s+PN532 1\.6/);
    t.regex(await table(), /✗\s+Printer\s+silent/);
    await page.screenshot({ path: join(artifacts, `bench-board-${way.slice(4).toLowerCase()}.png`) });
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await page.waitForFunction("fakeBoard.lines.includes('load();')");
    const lines = (await page.evaluate("fakeBoard.lines")) as string[];
    t.true(lines.includes("reset();"));
    t.false(
      lines.some((line) => /dump|setBootCode|\.write\("/.test(line)),
      "nothing is dumped or written",
    );
  });

step(title("a browser that has neither says so and names the way that remains"), async (t) => {
  const without = "for (const name of ['serial', 'bluetooth']) Object.defineProperty(navigator, name, { value: undefined });";
  const page = await visit(bench.address.replace("127.0.0.1", "localhost") + "/?lang=en", without);
  t.true(await page.locator("[data-part=connect]").isDisabled());
  t.regex(await page.locator("#board").innerText(), /npm run tool -- selftest/);
});

step(title("opened as 127.0.0.1 the page sends you to localhost, where browsers allow it"), async (t) => {
  const page = await visit(bench.address + "/?lang=en", FAKE_PORT);
  t.true(await page.locator("[data-part=connect]").isDisabled());
  t.regex((await page.locator("[data-part=ways] a").getAttribute("href")) ?? "", /^http:\/\/localhost:/);
});

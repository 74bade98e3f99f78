/**
 * A real board at the bench, over Web Serial or Web Bluetooth, through @espruino-tools/core. That library is large and wants a browser that most people have
 * not got, so it is loaded when somebody asks for it. Of its controller only `eval` and the line below it are used: `connect` would dump the whole
 * program, which a terminal has no memory for, and `disconnect` blinks pins that lead to devices here.
 */
import { diagnose, examine } from "./board-check.js";
import { element } from "./element.js";

const LIBRARY = "/espruino/main.min.js";
/** A person looks for the right port in the browser's list. */
const CHOOSING_MS = 60_000;
const ANSWER_MS = 12_000;
const RESET_MS = 1200;
const LEAVE_MS = 300;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Which ways to a board this browser has, and why not the others. The library insists on `localhost`; 127.0.0.1 is another name to it. */
function waysOf(words, { navigator, location, isSecureContext }) {
  const isHere = location.protocol === "https:" || location.hostname === "localhost";
  const why = (has) => (!has ? words.wayMissing : !isSecureContext || !isHere ? words.wayLocalhost : "");
  return [
    { name: "Web Serial", why: why(navigator.serial) },
    { name: "Web Bluetooth", why: why(navigator.bluetooth) },
  ];
}

/** A conversation with whatever board the person chooses; rejects with a sentence. */
async function openBoard(words) {
  await load(LIBRARY);
  const controller = new globalThis.ESPT_core.DeviceController();
  async function ask(expression, withinMs = ANSWER_MS) {
    const late = pause(withinMs).then(() => ({ data: null, log: "late" }));
    const { data, log } = await Promise.race([controller.eval(`[${expression}]`), late]);
    if (log !== "success" || !Array.isArray(data)) throw new Error(words.boardSilent);
    return data[0];
  }
  // Closing the list of ports makes the library throw where nobody can catch it.
  const cancelled = new Promise((_, fail) => addEventListener("error", () => fail(new Error(words.cancelled)), { once: true }));
  await Promise.race([ask("1", CHOOSING_MS), cancelled]);
  // The program's memory is needed, and its devices are to be asked by us.
  controller.UART.write("\x10reset();\n");
  await pause(RESET_MS);
  function leave() {
    // A board that has gone by itself is closed already, which the library tells by throwing.
    try {
      controller.UART.write("\x10load();\n");
      setTimeout(() => controller.UART.close(), LEAVE_MS);
    } catch {
      return;
    }
  }
  return { ask, leave };
}

export function createBoardPanel(dialog, { words, wirings, probes }) {
  const part = (name) => dialog.querySelector(`[data-part=${name}]`);
  const [ways, rows, state, connect, test, leave] = ["ways", "rows", "state", "connect", "test", "leave"].map(part);
  let board = null;

  function say(text) {
    state.textContent = text;
  }
  function row(what, good, text) {
    const mark = good === null ? "–" : good ? "✓" : "✗";
    const kind = good === null ? "" : good ? "good" : "bad";
    rows.append(element("tr", { class: kind }, element("td", {}, mark), element("th", { scope: "row" }, what), element("td", {}, text)));
  }
  function showWays() {
    const found = waysOf(words, window);
    ways.replaceChildren(
      ...found.map(({ name, why }) => element("li", {}, element("b", {}, name), ` — ${why === "" ? words.wayReady : why}`)),
    );
    connect.disabled = found.every(({ why }) => why !== "");
    const elsewhere = new URL(location.href);
    elsewhere.hostname = "localhost";
    const isElsewhere = found.some(({ why }) => why === words.wayLocalhost);
    if (isElsewhere) ways.append(element("li", {}, element("a", { href: elsewhere.href }, elsewhere.href)));
    say(connect.disabled && !isElsewhere ? words.noWay : "");
  }
  function showButtons() {
    connect.hidden = board !== null;
    test.hidden = leave.hidden = board === null;
  }
  function close() {
    board?.leave();
    board = null;
    showButtons();
    say(words.left);
  }
  /** One thing at a time; what fails is said and leaves the board alone. */
  const guarded = (doing, work, done) => async () => {
    say(doing);
    dialog.setAttribute("aria-busy", "true");
    try {
      await work();
      say(done);
    } catch (error) {
      say(error.message);
    }
    dialog.removeAttribute("aria-busy");
    showButtons();
  };
  const open = async () => {
    rows.replaceChildren();
    board = await openBoard(words);
    await diagnose(board, row, words);
  };
  const check = async () => {
    rows.append(element("tr", {}, element("th", { colspan: 3 }, words.selfTest)));
    await examine(board, row, { words, wirings, probes });
  };
  connect.addEventListener("click", guarded(words.choosing, open, words.connected));
  test.addEventListener("click", guarded(words.examining, check, words.examined));
  leave.addEventListener("click", close);
  dialog.addEventListener("close", () => board && close());
  showButtons();
  function show() {
    showWays();
    // Not modal: the library puts its own list of ways on the page, and that must lie on top.
    dialog.show();
  }
  return { show };
}

function load(source) {
  if (globalThis.ESPT_core) return Promise.resolve();
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = done;
    script.onerror = () => fail(new Error(source));
    document.head.append(script);
  });
}

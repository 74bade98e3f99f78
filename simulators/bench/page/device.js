/** A terminal on the table: its screen, its mouths, its paper. Draws what it is told and says what hands do to it. */
import { element, svg, toggle } from "./element.js";
import { createFaults } from "./fault.js";

const WIDTH = 320;
const HEIGHT = 240;
/** How far the keyboard's finger moves. */
const STEP = 8;

/** Roubles of a whole number of kopecks, with a narrow space between thousands. */
export function formatRoubles(kopecks, words) {
  return `${Math.floor(kopecks / 100).toLocaleString("ru-RU")}\u00a0${words.rouble}`;
}

const NOTE_TINTS = { 1000: "#6f7a53", 5000: "#4b6f95", 10000: "#94714a", 50000: "#7a5f8f", 100000: "#3f8078", 500000: "#b3553f" };
const WAVES = "M14 17a9 9 0 0 1 0 14M21 12a16 16 0 0 1 0 24M28 7a23 23 0 0 1 0 34M7 22.5v3";
const LAMPS = {
  idling: "go",
  disabled: "",
  off: "",
  initialize: "",
  power_up: "",
  validator_jammed: "stop",
  cassette_jammed: "stop",
  cassette_out: "stop",
  cassette_full: "stop",
};

/** What lies in the cassette, and what came back to the hand. */
function showTally(tally, { cassetteKopecks, returnedKopecks }, words) {
  const sum = (kopecks) => element("b", {}, formatRoubles(kopecks, words));
  tally.replaceChildren(sum(cassetteKopecks), ` ${words.inCassette}`, element("br"), sum(returnedKopecks), ` ${words.givenBack}`);
}

/** `act` sends an action of this terminal; `choose` makes it the one that cards go to. */
export function createDevice({ kind, number, faults: known }, index, { words, notes, cards, act, choose }) {
  const canvas = element("canvas", { width: WIDTH, height: HEIGHT, tabindex: 0, "aria-label": words.screenOf });
  const painter = createPainter(canvas);
  listenToFinger(canvas, painter, act);
  const writing = createWriting(words);
  const held = element("span", { class: "held" }, words.readerEmpty);
  const pad = element(
    "button",
    { class: "pad", type: "button", title: words.takeAway, onclick: () => act({ kind: "remove" }) },
    svg("0 0 48 48", WAVES),
    held,
  );
  const beside = element("pre", { class: "beside", role: "group", "aria-label": words.beside });
  const power = toggle(words.power, (on) => act({ kind: "power", on }));
  const network = toggle(words.network, (on) => act({ kind: "network", on }));
  const isPayment = kind === "payment";
  const lamp = element("span", { class: "lamp" });
  const slotState = element("output", { "aria-label": words.slot });
  const tally = element("p", { class: "tally" });
  const roll = element("div", { class: "roll", role: "log", "aria-label": words.paper });
  const faults = createFaults(known, words.faults, act);
  const noteSlot = isPayment ? element("div", { class: "note-slot" }, lamp, element("div", { class: "slit" }), slotState) : null;
  const hand = element("div", { class: "hand" });
  if (isPayment) hand.append(...notes.map((value) => noteButton(value, words, act)), tally);
  hand.append(faults.node, element("button", { class: "link", type: "button", onclick: () => act({ kind: "tear" }) }, words.tear));

  const title = element("h2", {}, words.kinds[kind], element("small", {}, `${words.number} ${number}`));
  const node = element(
    "article",
    { class: `device ${kind}`, "aria-label": words.kinds[kind], onpointerdown: () => choose(index), onfocusin: () => choose(index) },
    element("header", {}, title, power.node, network.node),
    element(
      "div",
      { class: "body" },
      element("div", { class: "bezel" }, element("div", { class: "glass" }, canvas, writing.node), beside),
      pad,
      element("div", { class: "mouths" }, element("div", { class: "slit printer-slit" }), noteSlot),
    ),
    element("div", { class: "below" }, roll, hand),
  );
  acceptDrops(node, act);

  function show(view) {
    node.classList.toggle("unpowered", !view.powered);
    power.set(view.powered);
    network.set(view.plugged);
    writing.show(view.written);
    beside.hidden = view.beside.length === 0;
    beside.textContent = view.beside.join("\n");
    held.textContent = view.card < 0 ? words.readerEmpty : cards[view.card].label;
    pad.toggleAttribute("data-card", view.card >= 0);
    pad.disabled = view.card < 0;
    faults.show(view);
    if (!view.acceptor) return;
    slotState.textContent = words.status[view.acceptor.status] ?? view.acceptor.status;
    lamp.className = `lamp ${LAMPS[view.acceptor.status] ?? "busy"}`;
    showTally(tally, view.acceptor, words);
  }

  return {
    node,
    show,
    paint: painter.paint,
    print: (receipts) => printRoll(roll, receipts, words),
    choose: (on) => node.setAttribute("aria-current", on),
  };
}

/** The words of the screen as text that nobody sees, each where it is drawn: screen readers speak it, the browser finds it, fingers go through it. */
function createWriting(words) {
  const node = element("div", { class: "writing", role: "status", "aria-label": words.written });
  let shown = "";
  function show(written) {
    const now = JSON.stringify(written);
    if (now === shown) return;
    shown = now;
    const place = ({ left, top, right, bottom }) => `left:${left}px;top:${top}px;width:${right - left + 1}px;height:${bottom - top + 1}px`;
    node.replaceChildren(...written.map((one) => element("span", { style: place(one) }, one.text)));
  }
  return { node, show };
}

function noteButton(valueKopecks, words, act) {
  const label = formatRoubles(valueKopecks, words).replace(/[^0-9]/g, "");
  return element(
    "button",
    {
      class: "note",
      type: "button",
      draggable: "true",
      style: `--tint:${NOTE_TINTS[valueKopecks] ?? "#666"}`,
      "aria-label": `${words.notes}: ${label}`,
      onclick: () => act({ kind: "insert", valueKopecks }),
      ondragstart: (event) => event.dataTransfer.setData("text/plain", JSON.stringify({ kind: "insert", valueKopecks })),
    },
    label,
  );
}

/** Cards and notes may be carried to the terminal as well as clicked. */
function acceptDrops(node, act) {
  node.addEventListener("dragover", (event) => {
    event.preventDefault();
    node.classList.add("drop");
  });
  node.addEventListener("dragleave", () => node.classList.remove("drop"));
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    node.classList.remove("drop");
    const text = event.dataTransfer.getData("text/plain");
    if (text.startsWith("{")) act(JSON.parse(text));
  });
}

/** Turns strips of RGB565 into pixels, and keeps the keyboard's finger on top of them. */
function createPainter(canvas) {
  const context = canvas.getContext("2d");
  const picture = context.createImageData(WIDTH, HEIGHT);
  const finger = { x: WIDTH / 2, y: HEIGHT / 2, shown: false };
  picture.data.fill(255);
  function draw() {
    context.putImageData(picture, 0, 0);
    if (!finger.shown) return;
    context.strokeStyle = "#ff8a00";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(finger.x, finger.y, 7, 0, 2 * Math.PI);
    context.stroke();
  }
  function paint(top, rows) {
    let at = top * WIDTH * 4;
    for (const value of rows) {
      picture.data[at] = ((value >> 11) * 527 + 23) >> 6;
      picture.data[at + 1] = (((value >> 5) & 63) * 259 + 33) >> 6;
      picture.data[at + 2] = ((value & 31) * 527 + 23) >> 6;
      at += 4;
    }
    draw();
  }
  return { paint, finger, draw };
}

function listenToFinger(canvas, { finger, draw }, act) {
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const clamp = (value, limit) => Math.max(0, Math.min(limit - 1, Math.floor(value)));
    return {
      x: clamp(((event.clientX - box.left) * WIDTH) / box.width, WIDTH),
      y: clamp(((event.clientY - box.top) * HEIGHT) / box.height, HEIGHT),
    };
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    finger.shown = false;
    act({ kind: "touch", ...place(event) });
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && act({ kind: "touch", ...place(event) }));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => act({ kind: "release" }));
  const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  canvas.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    const presses = event.key === " " || event.key === "Enter";
    if (!move && !presses) return;
    event.preventDefault();
    finger.shown = true;
    if (move) {
      finger.x = Math.max(0, Math.min(WIDTH - 1, finger.x + move[0]));
      finger.y = Math.max(0, Math.min(HEIGHT - 1, finger.y + move[1]));
    } else if (!event.repeat) act({ kind: "touch", x: finger.x, y: finger.y });
    draw();
  });
  canvas.addEventListener("keyup", (event) => (event.key === " " || event.key === "Enter") && act({ kind: "release" }));
  canvas.addEventListener("blur", () => {
    finger.shown = false;
    draw();
  });
}

/** Printer's dots on paper to pixels here: 384 dots are as wide as 32 letters. */
const DOT = 0.6;

function drawRow(line) {
  if (line.kind === "qr") {
    const side = line.size * line.dots * DOT;
    const code = svg(`0 0 ${line.size} ${line.size}`, line.path, { width: side, height: side });
    return element("div", { class: `row ${line.align}`, title: line.text }, code);
  }
  const spans = line.spans.map((span) => {
    const glyphs = element("i", {}, span.bold ? element("b", {}, span.text) : span.text);
    return element("span", { style: `--n:${span.text.length};--w:${span.width};--h:${span.height}` }, glyphs);
  });
  return element("div", { class: `row ${line.align}` }, ...spans);
}

function printRoll(roll, receipts, words) {
  const sheets = receipts
    .map((lines, index) =>
      lines.length === 0 ? null : element("div", { class: index === 0 ? "receipt" : "receipt torn" }, ...lines.map(drawRow)),
    )
    .filter((sheet) => sheet !== null);
  roll.replaceChildren(...(sheets.length > 0 ? sheets : [element("p", {}, words.paperEmpty)]));
}

/** The bench's page: connects the table, the cards and the wires with the socket. */
import { createBoardPanel } from "./board.js";
import { createDevice } from "./device.js";
import { element } from "./element.js";
import { createBook } from "./book.js";
import { createHouse } from "./house.js";
import { createTour, when } from "./tour.js";
import { createWires } from "./wire.js";

const byId = (id) => document.getElementById(id);
const { words, notes, terminals, cards, wirings, probes, screens } = JSON.parse(byId("data").textContent);

/** Cards that are shown at once; the search finds the others. */
const SHOWN = 60;
const TINTS = {
  pupil: "#3d7ea6",
  teacher: "#7a5c99",
  supervisor: "#2f7f7a",
  cashier: "#3f8a63",
  collector: "#a8752c",
  technician: "#4d5358",
  stranger: "#a8352f",
};

let socket = null;
let active = 0;

function send(action) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(action));
}

const views = terminals.map(() => null);
const devices = terminals.map((terminal, index) =>
  createDevice(terminal, index, { words, notes, cards, choose, act: (action) => send({ ...action, terminal: index }) }),
);
byId("table").append(...devices.map((device) => device.node));
const book = byId("book") && createBook({ list: byId("book"), underway: byId("underway") }, words.books);
const showHouse = createHouse(document.querySelector(".top"), send);
const wires = createWires({ log: byId("log"), chips: byId("chips"), routine: byId("routine") }, words, terminals);

const indexOf = (kind) => terminals.findIndex((terminal) => terminal.kind === kind);
let house = {};

/** What stands on a screen under one of the words that the tour knows, in whatever language the terminal speaks. */
function wordOn(kind, name) {
  const written = views[indexOf(kind)]?.written ?? [];
  return written.findLast(({ text }) => screens[name].includes(text.trim()));
}
const eyes = {
  view: (kind) => views[indexOf(kind)],
  reads: (kind, name) => wordOn(kind, name) !== undefined,
  /** Notes of which it is known what has become of them. */
  settled: () => book.stored("TopUpCredited") + book.stored("TopUpHeld") + (views[indexOf("payment")]?.acceptor.returnedKopecks ?? 0),
  house: () => house,
  stored: (event) => book.stored(event),
  waiting: (event) => book.waiting(event),
  snapshot() {
    const counts = Object.fromEntries(Object.keys(words.books.events).map((event) => [event, book.stored(event)]));
    const settled = eyes.settled();
    return { stored: (event) => counts[event], settled: () => settled };
  },
};
const hands = {
  tap: (kind, holder) =>
    send({ kind: "present", terminal: indexOf(kind), card: cards.findIndex((card) => card.kind === holder), stay: false }),
  power: (kind, on) => send({ kind: "power", terminal: indexOf(kind), on }),
  school: (kind, on) => send({ kind, on }),
  async press(kind, name) {
    await when(() => wordOn(kind, name));
    const { left, right, top, bottom } = wordOn(kind, name) ?? {};
    if (left === undefined) return;
    send({ kind: "touch", terminal: indexOf(kind), x: (left + right) >> 1, y: (top + bottom) >> 1 });
    send({ kind: "release", terminal: indexOf(kind) });
  },
  async insert(valueKopecks) {
    await when(() => eyes.view("payment")?.acceptor.status === "idling");
    send({ kind: "insert", terminal: indexOf("payment"), valueKopecks });
  },
};
const tour = byId("tour-open") && createTour(byId("tour"), { words: words.tour, eyes, hands, choose: (kind) => choose(indexOf(kind)) });

function choose(index) {
  active = index;
  devices.forEach((device, at) => device.choose(at === index));
  markCards();
}

function markCards() {
  for (const node of byId("fan").querySelectorAll(".card"))
    node.setAttribute(
      "aria-pressed",
      views.some((view) => view?.card === Number(node.dataset.card)),
    );
}

function hold(card, stay) {
  const lies = views[active]?.card === card;
  send(lies && stay ? { kind: "remove", terminal: active } : { kind: "present", terminal: active, card, stay });
}

function cardButton({ label, kind, uid }, index) {
  return element(
    "button",
    {
      class: "card",
      type: "button",
      draggable: "true",
      title: uid,
      "data-card": String(index),
      style: `--tint:${TINTS[kind] ?? "#6d7f86"}`,
      onclick: (event) => hold(index, event.shiftKey),
      ondragstart: (event) => event.dataTransfer.setData("text/plain", JSON.stringify({ kind: "present", card: index })),
    },
    element("strong", {}, label),
    element("small", {}, words.cardKinds[kind] ?? kind),
  );
}

function deal() {
  const wanted = byId("search").value.trim().toLowerCase();
  const matches = cards
    .map((card, index) => ({ card, index }))
    .filter(({ card }) => `${card.label} ${words.cardKinds[card.kind] ?? card.kind} ${card.uid}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN);
  byId("fan").replaceChildren(
    ...(matches.length > 0 ? matches.map(({ card, index }) => cardButton(card, index)) : [element("p", {}, words.noCards)]),
  );
  markCards();
}

let audio = null;
/** A buzzer without a pitch of its own sounds at this one. */
const BUZZER_HZ = 2700;

function sound({ freqHz, durationMs }) {
  if (!byId("sound").checked) return;
  audio ??= new AudioContext();
  const [voice, volume] = [audio.createOscillator(), audio.createGain()];
  voice.type = "square";
  voice.frequency.value = freqHz || BUZZER_HZ;
  volume.gain.value = 0.04;
  voice.connect(volume).connect(audio.destination);
  voice.start();
  voice.stop(audio.currentTime + Math.min(durationMs, 2000) / 1000);
}

function hear(message) {
  if (message.kind === "line") wires.add(message);
  else if (message.kind === "paper") devices[message.terminal].print(message.receipts);
  else if (message.kind === "tone") sound(message);
  else if (message.kind === "book") book?.add(message);
  else if (message.kind === "house") showHouse((house = message));
  else if (message.kind === "view") {
    views[message.terminal] = message;
    devices[message.terminal].show(message);
    markCards();
  }
  tour?.look();
}

/** Four bytes of head: terminal, zero, top row; then rows of RGB565. */
function paint(buffer) {
  const head = new DataView(buffer, 0, 4);
  devices[head.getUint8(0)].paint(head.getUint16(2, true), new Uint16Array(buffer, 4));
}

function connect() {
  socket = new WebSocket(`ws://${location.host}/socket?lang=${words.language}`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    byId("lost").hidden = true;
    wires.clear();
    book?.clear();
  };
  socket.onmessage = ({ data }) => (typeof data === "string" ? hear(JSON.parse(data)) : paint(data));
  socket.onclose = () => {
    byId("lost").hidden = false;
    setTimeout(connect, 1000);
  };
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select") || event.ctrlKey || event.altKey || event.metaKey) return;
  const index = Number(event.key) - 1;
  if (terminals[index]) choose(index);
  if (event.key === "/") {
    event.preventDefault();
    byId("search").focus();
  }
});
const board = createBoardPanel(byId("board"), { words, wirings, probes });
byId("tour-open")?.addEventListener("click", tour.start);
byId("real").addEventListener("click", () => board.show());
byId("search").addEventListener("input", deal);
deal();
choose(0);
connect();

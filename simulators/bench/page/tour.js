/**
 * A tour for a newcomer: each step says what to do, shows it when asked to, and sees by itself when it has been done. A new step is a new row here and its
 * sentences in words-tour.ru.ts and words-tour.en.ts.
 */
import { element } from "./element.js";

/** A note is on its way into the cassette for a second and a half, and a page may be slow to hear of it. */
const LOOK_MS = 40;
/** How long a hand waits for what it wants to press. */
const PATIENCE_MS = 20_000;
/** From here on the note cannot come back. */
const NO_RETURN_MS = 700;
const NOTES = { first: 10_000, second: 50_000 };

/**
 * `at`: the terminal that it is about. `done`: looks at what the page knows, at what it knew when the step began, and when earlier ones did. `show`: does it
 * with the visitor's own hands.
 */
const STEPS = [
  { name: "card", at: "payment", done: ({ reads }) => reads("payment", "additional"), show: ({ tap }) => tap("payment", "pupil") },
  { name: "purse", at: "payment", done: ({ reads }) => reads("payment", "insert"), show: ({ press }) => press("payment", "additional") },
  {
    name: "note",
    at: "payment",
    done: ({ stored }, began) => stored("TopUpCredited") > began.stored("TopUpCredited"),
    show: ({ insert }) => insert(NOTES.first),
  },
  {
    name: "cut",
    at: "payment",
    done: ({ view }) => view("payment")?.powered === false,
    async show({ insert, when, power, view }) {
      await insert(NOTES.second);
      await when(() => view("payment")?.acceptor.status === "stacking");
      await pause(NO_RETURN_MS);
      power("payment", false);
    },
  },
  {
    name: "back",
    at: "payment",
    // Whoever was quick finds the note in the hand again, whoever was slow finds it booked before the power went.
    done: ({ settled, view }, _, earlier) => view("payment")?.powered === true && settled() > earlier.cut.settled(),
    show: ({ power }) => power("payment", true),
  },
  { name: "offline", at: "information", done: ({ house }) => house().internet === false, show: ({ school }) => school("internet", false) },
  {
    name: "class",
    at: "information",
    done: ({ waiting }) => waiting("MealServed") > 0,
    async show({ tap, press }) {
      await tap("information", "teacher");
      await press("information", "confirm");
    },
  },
  {
    name: "online",
    at: "information",
    done: ({ house, waiting }) => house().internet === true && waiting() === 0,
    show: ({ school }) => school("internet", true),
  },
  { name: "end", at: "payment", done: () => true },
];

/** `eyes`: what the page knows; `hands`: what it can do; `choose` shows which terminal is meant. */
export function createTour(panel, { words, eyes, hands, choose }) {
  let at = -1;
  const began = {};
  let isDone = false;
  const count = element("span", { class: "tour-count" });
  const title = element("b", {});
  const text = element("span", {});
  const show = element("button", { type: "button", onclick: demonstrate }, words.show);
  const next = element("button", { type: "button", class: "next", onclick: () => go(at + 1) }, words.next);
  const close = element("button", { type: "button", onclick: () => go(STEPS.length) }, words.close);
  panel.append(count, element("p", { role: "status" }, title, " ", text), element("div", {}, show, next, close));

  function go(step) {
    at = step;
    panel.hidden = !STEPS[at];
    if (!STEPS[at]) return;
    isDone = false;
    const { name } = STEPS[at];
    began[name] = eyes.snapshot();
    count.textContent = `${at + 1}/${STEPS.length}`;
    title.textContent = words.steps[name].title;
    text.textContent = words.steps[name].text;
    show.hidden = !STEPS[at].show;
    next.hidden = at === STEPS.length - 1;
    choose(STEPS[at].at);
    look();
  }
  /** Called whenever the page has learnt something. */
  function look() {
    const step = STEPS[at];
    if (!step) return;
    isDone ||= step.done(eyes, began[step.name], began);
    panel.classList.toggle("done", isDone);
    next.textContent = isDone ? words.next : words.skip;
  }
  async function demonstrate() {
    show.disabled = true;
    await STEPS[at].show({ ...hands, view: eyes.view, when });
    show.disabled = false;
  }
  return { start: () => go(0), look };
}

/** Waits until `holds`; gives up quietly, and the visitor sees where it got stuck. */
export async function when(holds) {
  for (const end = Date.now() + PATIENCE_MS; !holds() && Date.now() < end;) await pause(LOOK_MS);
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** The wires in words: newest line last, following the end unless somebody has scrolled back. */
import { element } from "./element.js";

/** More lines than this slow the page and help nobody. */
const KEPT = 600;

export function createWires({ log, chips, routine }, words, terminals) {
  let chosen = -1;

  function choose(index) {
    chosen = index;
    [...chips.children].forEach((chip, at) => chip.setAttribute("aria-pressed", at === index + 1));
    for (const row of log.children) row.hidden = chosen >= 0 && Number(row.dataset.terminal) !== chosen;
    log.scrollTop = log.scrollHeight;
  }
  const chip = (label, index) => element("button", { type: "button", onclick: () => choose(index) }, label);
  chips.append(chip(words.allTerminals, -1), ...terminals.map(({ number }, index) => chip(`${words.number} ${number}`, index)));
  routine.addEventListener("change", () => {
    log.classList.toggle("with-routine", routine.checked);
    log.scrollTop = log.scrollHeight;
  });
  choose(-1);

  /** 09:41:07.125 in the browser's own time. */
  function timeText(atMs) {
    const time = new Date(atMs);
    const two = (value) => String(value).padStart(2, "0");
    return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`;
  }

  function add(line) {
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    log.querySelector(".empty")?.remove();
    const spaced = line.hex.replace(/../g, "$& ");
    const comesIn = line.direction === "in";
    const row = element(
      "li",
      {
        class: line.routine ? "routine" : undefined,
        "data-terminal": String(line.terminal),
        hidden: chosen >= 0 && chosen !== line.terminal,
      },
      element("time", {}, timeText(line.atMs)),
      element("span", { class: "who" }, String(terminals[line.terminal].number)),
      element("span", { class: "who" }, words.lines[line.wire]),
      element("span", { class: comesIn ? "in" : "who" }, comesIn ? "←" : "→"),
      element("span", { class: "said", title: `${line.text}\n${spaced}` }, line.text),
      element("code", { title: spaced }, spaced),
    );
    log.append(row);
    // What is of interest stays longest.
    while (log.children.length > KEPT) (log.querySelector(".routine") ?? log.firstChild).remove();
    if (follows) log.scrollTop = log.scrollHeight;
  }

  return { add, clear: () => log.replaceChildren(element("li", { class: "empty" }, words.wiresEmpty)) };
}

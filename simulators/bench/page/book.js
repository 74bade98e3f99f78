/** Journal and ledger beside each other: left what the gateway has stored, right what the cloud has booked of it; in between it is on its way. */
import { element } from "./element.js";

const KEPT = 80;

export function createBook({ list, underway }, words) {
  const rows = new Map();
  /** Of which kind each event was, also of those that are not shown any more. */
  const kinds = new Map();
  const two = (value) => String(value).padStart(2, "0");

  function timeText(atMs) {
    const time = new Date(atMs);
    return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  }
  function booked({ isBooked, postings }) {
    if (!isBooked) return [element("span", { class: "on-the-way" }, words.onTheWay)];
    if (postings.length === 0) return [element("span", { class: "quiet" }, words.noMoney)];
    return postings.map(({ account, sum }) => element("span", {}, `${account} `, element("b", {}, sum)));
  }
  function add(line) {
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    list.querySelector(".empty")?.remove();
    const row = element(
      "li",
      { "data-seq": String(line.seq), "data-event": line.event, class: line.isBooked ? "booked" : "waiting" },
      element("div", { class: "stored" }, element("time", {}, timeText(line.atMs)), " ", line.stored),
      element("div", { class: "ledger" }, ...booked(line)),
    );
    const before = rows.get(line.seq);
    if (before) before.replaceWith(row);
    else list.append(row);
    rows.set(line.seq, row);
    kinds.set(line.seq, line.event);
    while (list.children.length > KEPT) {
      rows.delete(Number(list.firstChild.dataset.seq));
      list.firstChild.remove();
    }
    const waiting = list.querySelectorAll(".waiting").length;
    underway.textContent = waiting > 0 ? `${words.waiting} ${waiting}` : "";
    if (follows) list.scrollTop = list.scrollHeight;
  }
  function clear() {
    rows.clear();
    kinds.clear();
    underway.textContent = "";
    list.replaceChildren(element("li", { class: "empty" }, words.empty));
  }
  /** How many events of a kind are stored, and how many of a kind, or of all, are not booked yet. */
  const stored = (event) => [...kinds.values()].filter((kind) => kind === event).length;
  const waiting = (event) => list.querySelectorAll(event ? `.waiting[data-event="${event}"]` : ".waiting").length;
  return { add, clear, stored, waiting };
}

/** What can break at a terminal: a switch or a button for each row of the catalogue, and a choice for each cable. */
import { element, toggle } from "./element.js";

/** Devices with a cable that can be spoilt. */
const WIRED = ["reader", "printer", "acceptor"];

/** `known`: the catalogue's rows that this terminal has; `words`: their names. */
export function createFaults(known, words, act) {
  const switches = [];
  const wires = [];
  const state = element("small", {}, words.none);

  function control({ name, isSwitch }) {
    const label = words.names[name] ?? name;
    if (!isSwitch)
      return element("button", { type: "button", class: "link", onclick: () => act({ kind: "fault", fault: name, on: true }) }, label);
    const { node, set } = toggle(label, (on) => act({ kind: "fault", fault: name, on }));
    switches.push({ name, label, set });
    return node;
  }
  function wire(device) {
    const options = Object.entries(words.wires).map(([value, label]) => element("option", { value }, label));
    const choice = element("select", { onchange: () => act({ kind: "wire", device, trouble: choice.value || null }) }, ...options);
    wires.push({ device, choice });
    return element("label", { class: "wire-choice" }, `${words.wire} `, choice);
  }
  function group(device) {
    const rows = known.filter((fault) => fault.of === device).map(control);
    return element("fieldset", {}, element("legend", {}, words.devices[device]), ...rows, WIRED.includes(device) ? wire(device) : null);
  }
  const devices = [...new Set(known.map((fault) => fault.of))];
  const groups = element("div", { class: "fault-groups" }, ...devices.map(group));
  const node = element("details", { class: "faults" }, element("summary", {}, `${words.title}: `, state), groups);
  node.addEventListener("toggle", () => node.open && groups.scrollIntoView({ block: "nearest" }));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    node.open = false;
    node.querySelector("summary").focus();
  });

  function show(view) {
    for (const { name, set } of switches) set(view.faults.includes(name));
    for (const { device, choice } of wires) choice.value = view.wires[device];
    const broken = switches.filter(({ name }) => view.faults.includes(name)).map(({ label }) => label);
    const bad = wires.filter(({ device }) => view.wires[device]).map(({ device }) => `${words.wire} ${words.wires[view.wires[device]]}`);
    const all = [...broken, ...bad];
    state.textContent = all.length > 0 ? all.join(", ") : words.none;
    node.classList.toggle("broken", all.length > 0);
  }
  return { node, show };
}

/** What every part of the page is made of. */

/** An element with attributes, properties that begin with "on", and children. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function svg(viewBox, path, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  node.setAttribute("viewBox", viewBox);
  node.setAttribute("aria-hidden", "true");
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  node.append(shape);
  return node;
}

/** A checkbox that looks like a switch on a housing. */
export function toggle(label, act) {
  const input = element("input", { type: "checkbox", onchange: () => act(input.checked) });
  return { node: element("label", { class: "switch" }, input, element("span", {}, label)), set: (on) => (input.checked = on) };
}

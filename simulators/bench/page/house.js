/** The school's switches and the table's time, in the head of the page. */

export function createHouse(head, act) {
  const part = (id) => head.querySelector(`#${id}`);
  const rates = [...head.querySelectorAll("[data-rate]")];
  for (const kind of ["gateway", "internet"]) part(kind)?.addEventListener("change", ({ target }) => act({ kind, on: target.checked }));
  for (const button of rates) button.addEventListener("click", () => act({ kind: "rate", rate: Number(button.dataset.rate) }));
  part("step")?.addEventListener("click", () => act({ kind: "step" }));

  return function show({ gateway, internet, rate, seconds }) {
    if (gateway !== null) part("gateway").checked = gateway;
    if (internet !== null) part("internet").checked = internet;
    if (rate === null) return;
    for (const button of rates) button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rate));
    part("step").disabled = rate !== 0;
    part("clock").textContent = new Date(seconds * 1000).toLocaleTimeString("ru-RU");
  };
}

/**
 * The only script of the parents' pages: asks every two seconds, while the page is looked at, whether a piece of it has changed, and puts the new one in
 * its place. Without it everything works, only by reloading. Old browsers that do not know fetch leave it alone.
 */
export const LIVE_SCRIPT = `"use strict";
(function () {
  var printer = document.querySelector("[data-print]");
  if (printer) {
    printer.hidden = false;
    printer.addEventListener("click", function () { window.print(); });
  }
  var pieces = document.querySelectorAll("[data-live]");
  if (!pieces.length || !window.fetch) return;
  function ask(piece) {
    var source = piece.getAttribute("data-live");
    var seen = encodeURIComponent(piece.getAttribute("data-version"));
    return fetch(source + (source.indexOf("?") < 0 ? "?" : "&") + "seen=" + seen, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (fresh) {
        if (!fresh || fresh.html === null) return;
        piece.innerHTML = fresh.html;
        piece.setAttribute("data-version", fresh.version);
      })
      .catch(function () {});
  }
  function turn() {
    var asked = document.hidden ? [] : Array.prototype.map.call(pieces, ask);
    Promise.all(asked).then(function () { setTimeout(turn, 2000); });
  }
  setTimeout(turn, 2000);
})();
`;

/** The script that brings in the worker, says of a page without the net when it was seen, and makes a browser a device that notices are sent to. */
export const DEVICE_SCRIPT = `"use strict";
(function () {
  var seen = document.documentElement.getAttribute("data-seen");
  var offline = document.querySelector("[data-offline]");
  if (seen && offline) {
    offline.hidden = false;
    offline.querySelector("time").textContent = new Date(Number(seen)).toLocaleString(document.documentElement.lang, {
      weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit"
    });
  }
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/worker.js").catch(function () {});
  var box = document.querySelector("[data-push]");
  if (!box || !("PushManager" in window) || !("Notification" in window)) return;
  var form = box.querySelector("form");
  document.querySelector("[data-push-needs]").hidden = true;
  box.hidden = false;
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (sign) { return sign.charCodeAt(0); });
  }
  function fill(subscription) {
    var given = subscription.toJSON();
    form.elements.endpoint.value = given.endpoint;
    form.elements.p256dh.value = given.keys.p256dh;
    form.elements.auth.value = given.keys.auth;
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    function send() { form.submit(); }
    Notification.requestPermission()
      .then(function () { return navigator.serviceWorker.ready; })
      .then(function (worker) {
        return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.getAttribute("data-push")) });
      })
      .then(fill)
      // Sent empty when it was not allowed: the next page says that it did not work.
      .then(send, send);
  });
})();
`;

/**
 * What runs in the browser beside the pages: shows a push, and keeps the pages last seen for when there is no net. Only pages that the cloud marks are kept,
 * those of a login that is remembered; all of them are forgotten at every door: logging out, logging in, an account erased, a session that has ended.
 */
export const workerScript = (icon: string, version: string): string => `"use strict";
var PAGES = "pages";
var ASSETS = "assets-${version}";
var DOORS = /^\\/(login|logout|register\\/code|profile\\/erase)$/;
self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) {
  var old = caches.keys().then(function (names) {
    return Promise.all(names.map(function (name) { return name === PAGES || name === ASSETS ? null : caches.delete(name); }));
  });
  event.waitUntil(old.then(function () { return self.clients.claim(); }));
});
function keep(path, answer) {
  return answer.text().then(function (text) {
    var kept = text.replace("<html", '<html data-seen="' + Date.now() + '"');
    var headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": answer.headers.get("content-security-policy") };
    return caches.open(PAGES).then(function (cache) { return cache.put(path, new Response(kept, { headers: headers })); });
  });
}
function page(event, path) {
  return fetch(event.request).then(function (answer) {
    if (answer.ok && answer.headers.get("x-keep") === "1") event.waitUntil(keep(path, answer.clone()));
    return answer;
  }, function (lost) {
    return caches.open(PAGES)
      .then(function (cache) { return cache.match(path).then(function (found) { return found || cache.match("/"); }); })
      .then(function (found) { if (found) return found; throw lost; });
  });
}
function asset(request) {
  return caches.open(ASSETS).then(function (cache) {
    return cache.match(request).then(function (found) {
      return found || fetch(request).then(function (answer) {
        if (answer.ok) cache.put(request, answer.clone());
        return answer;
      });
    });
  });
}
self.addEventListener("fetch", function (event) {
  var url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (DOORS.test(url.pathname)) {
    event.respondWith(caches.delete(PAGES).then(function () { return fetch(event.request); }));
  } else if (event.request.method === "GET" && url.pathname.indexOf("/assets/") === 0) {
    event.respondWith(asset(event.request));
  } else if (event.request.method === "GET" && event.request.mode === "navigate") {
    event.respondWith(page(event, url.pathname));
  }
});
self.addEventListener("push", function (event) {
  var told = event.data ? event.data.json() : {};
  var look = { body: told.body, tag: told.tag, icon: "${icon}", data: told.url };
  event.waitUntil(self.registration.showNotification(told.title || "", look));
});
self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data || "/"));
});
`;

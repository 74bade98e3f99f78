/** What runs in the browser when no page is open: shows a push, and opens the page that it is about. */
export const workerScript = (icon: string): string => `"use strict";
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

// Shows a notification, and opens the call that it is about.
self.addEventListener("push", (event) => {
  const told = event.data.json();
  const shown = { body: told.body, tag: told.tag, renotify: true, data: { url: told.url }, icon: "/static/icon.svg" };
  event.waitUntil(self.registration.showNotification(told.title, shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.notification.data.url) event.waitUntil(self.clients.openWindow(event.notification.data.url));
});

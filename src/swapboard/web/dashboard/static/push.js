// Asks this browser for notifications, and only when somebody presses the button.
const button = document.querySelector("[data-push-key]");
const said = document.querySelector("[data-push-said]");
const field = (name) => document.querySelector(`[name="setting-${name}"]`);
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function allow() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return button.dataset.unable;
  if ((await Notification.requestPermission()) !== "granted") return button.dataset.denied;
  await navigator.serviceWorker.register("/push-worker.js");
  const worker = await navigator.serviceWorker.ready;
  const key = bytes(button.dataset.pushKey);
  const old = await worker.pushManager.getSubscription();
  if (old && text(old.options.applicationServerKey) !== button.dataset.pushKey) await old.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  field("endpoint").value = made.endpoint;
  field("p256dh").value = text(made.getKey("p256dh"));
  field("auth").value = text(made.getKey("auth"));
  field("contact").value ||= button.dataset.contact;
  return button.dataset.allowed;
}

button?.addEventListener("click", async () => {
  try {
    said.textContent = await allow();
  } catch (error) {
    said.textContent = `${button.dataset.unable} (${error.message})`;
  }
});

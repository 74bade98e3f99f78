import test from "ava";
import { createSms } from "@trapeza/cloud";
import { openCarrier } from "./sms.js";

const sms = (to: string) => ({ kind: "sms", to, subject: "", text: "Трапеза: код 123456 & ещё=1" }) as const;

async function opened(key = "key", sender: string | null = null) {
  const carrier = await openCarrier("key");
  const letters: string[] = [];
  const messenger = createSms({ url: carrier.url, key, sender }, { send: async ({ to }) => void letters.push(to) });
  return { carrier, letters, messenger };
}

test("a short message reaches the telephone as it was written, and a letter goes its own way", async (t) => {
  const { carrier, letters, messenger } = await opened("key", "Trapeza");
  await messenger.send(sms("79001234567"));
  await messenger.send({ kind: "mail", to: "anna@example.ru", subject: "Чек", text: "…" });
  t.deepEqual(carrier.sent, [{ to: "79001234567", text: "Трапеза: код 123456 & ещё=1", sender: "Trapeza" }]);
  t.deepEqual(letters, ["anna@example.ru"]);
  await carrier.close();
});

test("what the carrier has not taken is said by its number: no money, no such telephone, another's key, nobody there", async (t) => {
  const { carrier, messenger } = await opened();
  await t.throwsAsync(messenger.send(sms("123")), { message: /not taken one: 202/ });
  carrier.money = 0;
  await t.throwsAsync(messenger.send(sms("79001234567")), { message: /not taken one: 201/ });
  carrier.money = 1;
  carrier.away = true;
  await t.throwsAsync(messenger.send(sms("79001234567")), { message: /answered 502/ });
  carrier.away = false;
  const stranger = createSms({ url: carrier.url, key: "guess", sender: null }, messenger);
  await t.throwsAsync(stranger.send(sms("79001234567")), { message: /not taken one: 200/ });
  t.deepEqual(carrier.sent, []);
  await messenger.send(sms("79001234567"));
  t.is(carrier.sent[0].sender, null);
  await carrier.close();
});

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import test from "ava";
import { openInternet } from "./internet.js";

function openCloud(): Promise<Server> {
  const server = createServer((_, response) => setTimeout(() => response.end("taken"), 30));
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

test("the cloud is reached over the switched way; when the switch is thrown whoever is on the line is cut off, and nobody gets through", async (t) => {
  const cloud = await openCloud();
  const internet = await openInternet(`http://127.0.0.1:${(cloud.address() as AddressInfo).port}`);
  t.teardown(async () => {
    await internet.close();
    cloud.closeAllConnections();
    cloud.close();
  });
  const ask = async (): Promise<string> => (await fetch(internet.url)).text();
  t.is(await ask(), "taken");
  const underWay = ask();
  await new Promise((done) => cloud.once("request", done));
  internet.set(false);
  t.false(internet.on);
  await t.throwsAsync(underWay);
  await t.throwsAsync(ask());
  internet.set(true);
  t.is(await ask(), "taken");
});

/** A place between a terminal and its gateway: what either says goes on to the other, and is heard here. */
import { connect, createServer, type Server } from "node:net";
import { BoardTrouble } from "../board/line.js";
import type { Words } from "../board/words.en.js";
import type { Traffic } from "@trapeza/simulators";

/** `to`: host:port of the gateway. Each connection is told of by its own number. */
export async function openProxy(
  listenPort: number,
  to: string,
  words: Words,
  hear: (connection: number, traffic: Traffic) => void,
): Promise<Server> {
  const [, host, port] = /^(.+):([0-9]{1,5})$/.exec(to) ?? [];
  if (host === undefined) throw new BoardTrouble(words.badAddress(to));
  let connections = 0;
  const server = createServer((terminal) => {
    const number = ++connections;
    const gateway = connect({ host, port: Number(port), noDelay: true });
    terminal.setNoDelay(true);
    const tell = (direction: Traffic["direction"], bytes: Uint8Array): void => hear(number, { line: "network", direction, bytes });
    tell("open", new Uint8Array(0));
    terminal.on("data", (chunk: Buffer) => {
      tell("out", new Uint8Array(chunk));
      gateway.write(chunk);
    });
    gateway.on("data", (chunk: Buffer) => {
      tell("in", new Uint8Array(chunk));
      terminal.write(chunk);
    });
    for (const [one, other] of [[terminal, gateway] as const, [gateway, terminal] as const]) {
      one.on("error", () => undefined);
      one.on("close", () => other.destroy());
    }
    terminal.on("close", () => tell("close", new Uint8Array(0)));
  });
  await new Promise<void>((done, fail) => {
    server.once("error", (error) => fail(new BoardTrouble(words.cannotOpen(String(listenPort), error.message))));
    server.listen(listenPort, done);
  });
  return server;
}

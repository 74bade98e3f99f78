/** A serial device of this machine that ends in a twin: a program opens it as it would open /dev/ttyUSB0. Made by socat. */
import { spawn, type ChildProcess } from "node:child_process";
import type { SerialDevice } from "./board-serial.js";

/** A pseudo-terminal at `path` with the twin at its other end; it goes when the process that is returned is ended. */
export function openPseudoTerminal(
  path: string,
  device: Pick<SerialDevice, "connect" | "receive">,
  traffic: (direction: "out" | "in", bytes: Uint8Array) => void = () => undefined,
): ChildProcess {
  const cable = spawn("socat", [`PTY,rawer,link=${path}`, "STDIO"], { stdio: ["pipe", "pipe", "inherit"] });
  cable.stdin.on("error", () => undefined);
  cable.stdout.on("data", (chunk: Buffer) => {
    traffic("out", new Uint8Array(chunk));
    device.receive(new Uint8Array(chunk));
  });
  device.connect((bytes) => {
    traffic("in", bytes);
    cable.stdin.write(bytes);
  });
  return cable;
}

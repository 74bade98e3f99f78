/** The way from the school to the cloud, with a switch: whoever talks over it when it is thrown is cut off, and nobody gets through until it is thrown back. */
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { Switch } from "@trapeza/simulators";

export interface Internet extends Switch {
  /** Where the cloud is found on this side. */
  readonly url: string;
  close(): Promise<void>;
}

/** `cloud` is an address of this machine, "http://127.0.0.1:8080". */
export async function openInternet(cloud: string): Promise<Internet> {
  const { hostname, port } = new URL(cloud);
  const open = new Set<Socket>();
  let on = true;
  const hold = (socket: Socket): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((near) => {
    hold(near);
    if (!on) return void near.destroy();
    const far = connect({ host: hostname, port: Number(port) });
    hold(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get on() {
      return on;
    },
    set(wanted) {
      on = wanted;
      if (!on) cut();
    },
    async close() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}

/**
 * Connections that have not said who they are. There is room for some; when it is full the next one takes the place of the oldest from the address that
 * holds most, so a machine that opens thousands puts out its own and no till.
 */
import type { Socket } from "node:net";

export interface Strangers {
  readonly enter: (socket: Socket) => void;
  /** No stranger any more: who is let in stays, whatever comes after. */
  readonly recognise: (socket: unknown) => void;
}

export function createStrangers(most: number): Strangers {
  /** In the order of their coming; the address is kept, because a socket forgets it when it closes. */
  const waiting = new Map<unknown, { readonly socket: Socket; readonly address: string }>();
  return {
    enter(socket) {
      waiting.set(socket, { socket, address: socket.remoteAddress ?? "" });
      socket.once("close", () => waiting.delete(socket));
      if (waiting.size <= most) return;
      const held = new Map<string, number>();
      for (const { address } of waiting.values()) held.set(address, (held.get(address) ?? 0) + 1);
      const crowd = [...held].reduce((worst, one) => (one[1] > worst[1] ? one : worst))[0];
      for (const one of waiting.values()) {
        if (one.address !== crowd) continue;
        waiting.delete(one.socket);
        one.socket.destroy();
        return;
      }
    },
    recognise: (socket) => void waiting.delete(socket),
  };
}

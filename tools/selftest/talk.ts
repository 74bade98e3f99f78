/** Bytes to and from a device that hangs on the board, through the board's console: the board only passes them on. */
import type { Uart } from "@trapeza/firmware";
import type { BoardConsole } from "../board/console.js";

export interface Talk {
  /** What came back within `waitMs`. */
  say(bytes: Uint8Array, waitMs: number): Promise<Uint8Array>;
}

/** Sets the port up; `null` when the console itself hangs on it. */
export async function openTalk(board: BoardConsole, { port, tx, rx }: Uart, baud: number, even: boolean): Promise<Talk | null> {
  const name = `Serial${port}`;
  if ((await board.ask("process.env.CONSOLE")) === name) return null;
  const settings = `{tx:${tx},rx:${rx},parity:${even ? '"even"' : '"none"'}}`;
  const listen = `${name}.removeAllListeners("data");${name}.on("data",function(d){heard+=d})`;
  await board.ask(`(heard="",${name}.setup(${baud},${settings}),eval(${JSON.stringify(listen)}),0)`);
  return {
    async say(bytes, waitMs) {
      await board.ask(`(heard="",${name}.write([${[...bytes].join()}]),0)`);
      await new Promise((done) => setTimeout(done, waitMs));
      return new Uint8Array(Buffer.from((await board.ask("btoa(heard)")) as string, "base64"));
    },
  };
}

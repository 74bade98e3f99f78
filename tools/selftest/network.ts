/** Does the board reach its gateway, and does nobody reach the board's console? */
import { connect } from "node:net";
import type { BoardConsole } from "../board/console.js";
import type { KnownConfig } from "../board/identity.js";
import type { Words } from "../board/words.en.js";
import type { Check } from "./check.js";

const JOIN_MS = 12_000;
const LOOK_MS = 500;
/** A chip that waits for TCP stands still; longer than a dead address takes. */
const CONNECT_MS = 15_000;
const DOOR_MS = 2000;
const TELNET = 23;
const NOWHERE = "0.0.0.0";

export interface Joined {
  readonly check: Check;
  /** "" for a board without wireless network. */
  readonly ip: string;
}

export async function checkWifi(board: BoardConsole, config: KnownConfig | null, words: Words): Promise<Joined> {
  const what = words.wifi;
  if (!config?.ssid) return { check: { what, good: null, says: config ? words.noWifi : words.notEnrolledYet }, ip: "" };
  const order = 'var c=require("Storage").readJSON("config",1);require("Wifi").connect(c.ssid,{password:c.password},function(){})';
  await board.ask(`eval(${JSON.stringify(order)}),0`);
  for (let spentMs = 0; spentMs < JOIN_MS; spentMs += LOOK_MS) {
    const ip = (await board.ask('require("Wifi").getIP().ip')) as string;
    if (ip && ip !== NOWHERE) return { check: { what, good: true, says: words.joined(config.ssid, ip) }, ip };
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  return { check: { what, good: false, says: words.notJoined(config.ssid) }, ip: "" };
}

/** TCP only: whether it is let in, the gateway's own page tells. */
export async function checkGateway(board: BoardConsole, config: KnownConfig | null, words: Words): Promise<Check> {
  const what = words.gateway;
  if (!config) return { what, good: null, says: words.notEnrolledYet };
  const target = `{host:${JSON.stringify(config.host)},port:${config.port}}`;
  const order = `reached=0;gone=0;var s=require("net").connect(${target},function(){reached=1;s.end()});s.on("close",function(e){gone=e?2:1})`;
  const address = `${config.host}:${config.port}`;
  try {
    await board.ask(`eval(${JSON.stringify(order)}),0`, CONNECT_MS);
  } catch {
    return { what, good: false, says: words.unreached(address) };
  }
  for (let spentMs = 0; spentMs < DOOR_MS; spentMs += LOOK_MS) {
    const [reached, gone] = (await board.ask("[reached,gone]")) as [number, number];
    if (reached === 1) return { what, good: true, says: address };
    if (gone > 0) break;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  return { what, good: false, says: words.unreached(address) };
}

/** Asked of the running terminal, from this machine: the program is what shuts it. */
export async function checkDoor(ip: string, words: Words, port = TELNET): Promise<Check> {
  const what = words.door;
  if (ip === "") return { what, good: null, says: words.noWifi };
  const isOpen = await new Promise<boolean>((done) => {
    const socket = connect({ host: ip, port });
    const end = (open: boolean) => (): void => {
      socket.destroy();
      done(open);
    };
    socket.setTimeout(DOOR_MS, end(false)).once("connect", end(true)).once("error", end(false));
  });
  return { what, good: !isOpen, says: isOpen ? words.doorOpen : words.doorShut };
}

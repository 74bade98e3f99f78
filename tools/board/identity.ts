/** Who a board is: its chip, its interpreter, and which terminal it was enrolled as. Never its key. */
import type { BoardConsole } from "./console.js";

export interface Identity {
  readonly board: string;
  readonly version: string;
  readonly variables: number;
  readonly freeVariables: number;
  readonly storageFree: number;
  readonly config: KnownConfig | null;
}

/** What `config` says, without its secrets. */
export interface KnownConfig {
  readonly terminal: number;
  readonly kind: string;
  readonly host: string;
  readonly port: number;
  readonly hasKey: boolean;
  readonly line: string;
  /** As it was enrolled; `null`: the usual one. */
  readonly printer: { readonly name: string; readonly traits: number } | null;
  /** "" for a board on a cable. */
  readonly ssid: string;
}

const CONFIG =
  '(function(){var c=require("Storage").readJSON("config",1);' +
  'return c?{terminal:c.terminal,kind:c.kind,host:c.host,port:c.port,line:c.line||"ccnet",printer:c.printer||null,' +
  'ssid:c.ssid||"",hasKey:(c.key||"").length===64}:null})()';

export async function identify(board: BoardConsole): Promise<Identity> {
  const [name, version, total, free] = (await board.ask(
    "[process.env.BOARD,process.env.VERSION,process.memory().total,process.memory().free]",
  )) as [string, string, number, number];
  return {
    ...{ board: name, version, variables: total, freeVariables: free },
    storageFree: (await board.ask('require("Storage").getFree()')) as number,
    config: (await board.ask(CONFIG)) as KnownConfig | null,
  };
}

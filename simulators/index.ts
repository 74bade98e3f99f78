/** The world of Trapeza, imitated: boards, devices and time, for tests, for the demo and for the technician's bench. */
export * from "./clock.js";
export * from "./random.js";
export { createBoard, type Board, type BoardOptions } from "./board.js";
export { createFlash, install, openFlash, PowerCut, provision, type Flash, type TerminalConfig, type TerminalKind } from "./board-flash.js";
export {
  createCable,
  createTcpNetwork,
  createVirtualNetwork,
  type Address,
  type Cable,
  type Connection,
  type ConnectionEvents,
  type Network,
  type VirtualNetwork,
} from "./board-network.js";
export type { Screen } from "./board-screen.js";
export type { SerialDevice } from "./board-serial.js";

/** The world of Trapeza, imitated: boards, devices and time, for tests, for the demo and for the technician's bench. */
export * from "./clock.js";
export * from "./random.js";
export { createBoard, type Board, type BoardConsole, type BoardOptions } from "./board.js";
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
export type { Inscription, Screen } from "./board-screen.js";
export type { SerialDevice } from "./board-serial.js";
export { createTerminal, type Terminal, type TerminalOptions, type Traffic } from "./terminal.js";
export { createBuzzer, type Buzzer, type Tone } from "./buzzer.js";
export { type Card } from "./card.js";
export { cloneOf } from "./card-talk.js";
export { memoryOf } from "./card-mifare.js";
export { createBlankNtag } from "./card-ntag-blank.js";
export { contactless, type Contactless, type ReaderHabits } from "./card-pcsc.js";
export { createNtag, type Ntag, type NtagOptions } from "./card-ntag.js";
export { createPn532Twin, type Pn532Twin, type Pull, type Tear } from "./devices/pn532.js";
export { createCcnetTwin, RUSSIAN_BILLS, type CcnetOptions, type CcnetTwin } from "./devices/ccnet.js";
export type { AcceptorTwin, Truth } from "./note-path.js";
export { createEscposTwin, receiptText, type EscposTwin, type PaperLine, type Receipt, type Span } from "./devices/escpos.js";
export { createKeypadTwin, type KeypadTwin } from "./devices/keypad.js";
export { createXpt2046Twin, type Xpt2046Twin } from "./devices/xpt2046.js";
export { openMailServer, type MailServer } from "./mail-server.js";
export { openCarrier, type Carrier } from "./sms.js";
export { formatRegistry } from "./banks/registry.js";
export { openBank, registryOf, type Bank, type BankOptions, type BankOrder, type RegistryRow } from "./banks/acquirer.js";
export { openBench, type Bench, type BenchOptions } from "./bench/bench.js";
export type { Books, Transaction } from "./bench/books.js";
export type { House, Switch } from "./bench/house.js";
export { createPacedClock, createPacedNetwork, type PacedClock } from "./paced-clock.js";
export { describe } from "./bench/describe.js";
export type { Meaning } from "./bench/meaning.js";
export { createWireReader, type Told, type WireReader } from "./bench/wire-reader.js";
export { ENGLISH as WIRE_WORDS_EN } from "./bench/words.en.js";
export { RUSSIAN as WIRE_WORDS_RU, type Words as WireWords } from "./bench/words.ru.js";
export { visitBench, type Visitor } from "./bench/visitor.js";
export { openInterpreter, whyNoInterpreter, type InterpreterBoard, type MemoryUse } from "./interpreter.js";
export { openLoopback, type Loopback } from "./loopback.js";
export { morning, saver, visit, type Outcome } from "./morning.js";
export { flashFiles, imageFor, loadProgram, type Program } from "./program.js";
export { createRepl, type Repl } from "./repl.js";
export { ntagCard, personalise } from "./personalise.js";
export { openPseudoTerminal } from "./pseudo-terminal.js";
export { createWorld, type TerminalStatus, type World, type WorldOptions } from "./world.js";
export { FAULTS, parseFaults, type FaultName } from "./day/fault.js";
export { shrink, type History } from "./day/shrink.js";
export { SIZES, type SizeName } from "./day/size.js";
export { simulateDays, type DaysOptions, type DaysResult } from "./day/simulate.js";
export { formatMoment } from "./day/stage.js";
export { handAt, type Hand } from "./hand.js";
export { fullName, shortName } from "./school/name.js";
export { portraitOf } from "./school/portrait.js";
export {
  directivesFor,
  inventSchool,
  KIOSK,
  platesFor,
  TILL,
  WALL,
  type DemoPupil,
  type DemoSchool,
  type DemoStaff,
} from "./school/school.js";

/** What the technician's tools say, English; `words.ru.ts` has the same keys. */
export const ENGLISH = {
  whichCable: "Which cable? --port /dev/ttyUSB0 for a serial port, --tcp 127.0.0.1:2323 for a board that listens on the network.",
  badAddress: (address: string) => `"${address}" is no address; it must look like 127.0.0.1:2323`,
  badBaud: (baud: string) => `--baud is "${baud}"; it must be a whole number from 300 to 3000000`,
  cannotOpen: (name: string, why: string) => `${name} cannot be opened: ${why}`,
  noAnswer: (name: string) =>
    `The board on ${name} does not answer. Is it the right cable, and has it power? A terminal closes its console: press RST, let go, and hold BOOT until this program goes on.`,
  whichKind: (kinds: readonly string[]) => `Which terminal is it to be? --kind ${kinds.join(" | ")}`,
  badKind: (kind: string, kinds: readonly string[]) => `There is no "${kind}" terminal; there are ${kinds.join(", ")}`,
  found: (board: string, version: string, variables: number) => `${board}, Espruino ${version}, ${variables} variables`,
  wrongBoard: (kind: string, wanted: string, board: string) =>
    `The ${kind} terminal runs on ${wanted}, and this is ${board}. --any-board flashes it all the same.`,
  otherKind: (kind: string, terminal: number, known: string) =>
    `This board is enrolled as ${known} terminal ${terminal}, and the image is of a ${kind} terminal. Enrol it anew, or --force.`,
  foreignImage: (kind: string) => `That file is not an image of the ${kind} terminal.`,
  notAscii: (at: number) => `The image has a character outside ASCII at ${at}: it is not what the build made.`,
  overBudget: (bytes: number, limit: number) => `The image has ${bytes} bytes, the budget is ${limit}.`,
  noRoom: (free: number, wanted: number) => `The board's Storage has ${free} bytes left and ${wanted} are needed.`,
  already: (name: string) => `${name}: there already`,
  written: (name: string, bytes: number) => `${name}: ${bytes} bytes, read back by hash`,
  goesOn: (name: string, bytes: number) => `${name}: goes on at ${bytes}`,
  brokenLine: "The cable is out; waiting for it …",
  cableGone: "The cable does not come back. Flashing again goes on where it stopped.",
  otherContent: "what is read back is something else",
  cannotWrite: (name: string, why: string) => `${name} could not be written: ${why}`,
  flashed: (kind: string, version: string) => `The ${kind} terminal ${version} is in flash.`,
  notEnrolled: "It does not know its school yet: npm run tool -- enrol.",
  bluetoothOff: "Bluetooth is on: it is switched off now, the board starts anew.",
  whichGateway:
    "Whose terminal? --gateway <folder of settings.json> on the gateway's machine, or --from <file> that was written there with --to.",
  whichHost: (host: string) => `The gateway listens on ${host}, where no board finds it. --host <its address in the school's network>`,
  badTerminal: (given: string) => `--terminal is "${given}"; it must be a whole number from 1 to 65535`,
  badLine: (given: string) => `--line is "${given}"; it must be ccnet or id003`,
  unknownTerminal: (terminal: number, known: readonly { readonly terminal: number; readonly kind: string; readonly place: string }[]) =>
    `The gateway knows no terminal ${terminal}. The office adds it; there are: ` +
    (known.map((one) => `${one.terminal} (${one.kind}, ${one.place})`).join(", ") || "none"),
  gatewaySilent: (address: string) => `The gateway does not answer at ${address}. Is it running on this machine?`,
  badEnrolment: (path: string) => `${path} is no enrolment: it must be what "enrol --to" wrote.`,
  saved: (path: string, terminal: number) =>
    `The enrolment of terminal ${terminal} is in ${path}. It holds the key: "enrol --from" deletes it once it is in a board.`,
  wifiPassword: (ssid: string) => `Password of ${ssid}: `,
  enrolled: (kind: string, terminal: number, gateway: string) =>
    `The board is ${kind} terminal ${terminal}, its gateway is at ${gateway}. It starts anew.`,
  owes: (operations: number, note: boolean) =>
    `The board holds ${operations} operations that its gateway has not got${note ? ", and a note on its way" : ""}. Let it reach its gateway first; --unsent-lost gives them up.`,
  started: "The board starts anew.",
};

export type Words = typeof ENGLISH;

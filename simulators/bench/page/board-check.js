/** What a real board says of itself and of its devices; the page's share of `npm run tool -- selftest`. */
const ANSWER_MS = 300;
/** Fewer free variables and a terminal dies at its busiest moment. */
const NEEDED_VARIABLES = 3000;

/** What `config` says, without its key. */
const CONFIG =
  '(function(){var c=require("Storage").readJSON("config",1);' +
  'return c?[c.terminal,c.kind,c.host+":"+c.port,(c.key||"").length===64,c.line||"ccnet"]:null})()';

export async function diagnose({ ask }, row, words) {
  const [board, version, free, total] = await ask("[process.env.BOARD,process.env.VERSION,process.memory().free,process.memory().total]");
  row(words.chip, null, `${board}, Espruino ${version}`);
  row(words.memory, free >= NEEDED_VARIABLES, `${free} / ${total}`);
  row(words.storage, null, `${await ask('require("Storage").getFree()')} ${words.wire.bytes}`);
  const files = await ask('require("Storage").list()');
  row(words.files, files.includes(".bootcde"), files.join(", ") || "—");
  const config = await ask(CONFIG);
  if (!config) return row(words.enrolment, false, words.notEnrolled);
  row(words.enrolment, config[3], `${words.kinds[config[1]] ?? config[1]}, ${words.number} ${config[0]}, ${config[2]}`);
}

/** What a device answers, as hex; `null` when the console itself hangs on its line. */
async function talk({ ask }, { port, tx, rx }, baud, parity, hex) {
  const name = `Serial${port}`;
  if ((await ask("process.env.CONSOLE")) === name) return null;
  const listen = `${name}.removeAllListeners("data");${name}.on("data",function(d){heard+=d})`;
  await ask(`(heard="",${name}.setup(${baud},{tx:${tx},rx:${rx},parity:"${parity}"}),eval(${JSON.stringify(listen)}),0)`);
  await ask(`(${name}.write([${hex.match(/../g).map((byte) => parseInt(byte, 16))}]),0)`);
  await new Promise((done) => setTimeout(done, ANSWER_MS));
  return [...atob(await ask("btoa(heard)"))].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** None of the questions moves a note or prints a line. */
export async function examine(board, row, { words, wirings, probes }) {
  const [, kind, , , line] = (await board.ask(CONFIG)) ?? [0, "settlement", "", false, "ccnet"];
  const wiring = wirings[kind] ?? wirings.settlement;
  /** `read`: what an answer means, or `null` for one that no such device gives. */
  const tell = (what, hex, read) => {
    if (hex === null) row(what, null, words.sharesConsole);
    else if (hex === "") row(what, false, words.silent);
    else row(what, read(hex) !== null, read(hex) ?? hex);
  };
  const size = await board.ask('typeof g=="undefined"?null:[g.getWidth(),g.getHeight()]');
  row(words.display, size !== null && size[0] === 320, size ? size.join(" × ") : words.noDisplay);
  await talk(board, wiring.reader, 115200, "none", probes.wake);
  tell(words.reader, await talk(board, wiring.reader, 115200, "none", probes.reader), readPn532);
  const printer = await talk(board, wiring.printer, 19200, "none", probes.printer);
  tell(words.printer, printer, (hex) => ((parseInt(hex.slice(0, 2), 16) & 0x93) === 0x12 ? `${words.wire.statusIs} ${hex}` : null));
  if (!wiring.acceptor) return;
  const acceptor = await talk(board, wiring.acceptor, 9600, line === "id003" ? "even" : "none", probes[line]);
  tell(words.acceptor, acceptor, (hex) => (hex.startsWith(line === "id003" ? "fc" : "0203") ? `${line.toUpperCase()}, ${hex}` : null));
}

function readPn532(hex) {
  const [, ic, version, revision] = /d503(..)(..)(..)/.exec(hex) ?? [];
  return ic === undefined ? null : `PN5${ic} ${Number(version)}.${Number(revision)}`;
}

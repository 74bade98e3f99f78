import test from "ava";
import { createCipheriv, createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBoard, type Board } from "./board.js";
import { createFlash, install, openFlash, provision, type Flash } from "./board-flash.js";
import { createCable, createVirtualNetwork, type Network } from "./board-network.js";
import type { SerialDevice } from "./board-serial.js";
import { createVirtualClock, type VirtualClock } from "./clock.js";

interface Rig {
  readonly clock: VirtualClock;
  readonly board: Board;
  readonly flash: Flash;
  readonly printed: string[];
}

/** A board that has booted `program`. */
function rig(program: string, network: (clock: VirtualClock) => Network | null = () => null, flash: Flash = createFlash()): Rig {
  const clock = createVirtualClock(Date.UTC(2026, 10, 20, 8));
  const printed: string[] = [];
  const board = createBoard({ name: "t", chip: "ESP32S3", clock, flash, network: network(clock), log: (line) => printed.push(line) });
  install(flash, program);
  board.powerOn();
  clock.advance(300);
  return { clock, board, flash, printed };
}

test("what Espruino lacks is missing, what it has is there", (t) => {
  const lacking =
    "typeof Map,typeof Set,typeof WeakMap,typeof Symbol,typeof Proxy,typeof Reflect,typeof BigInt,typeof queueMicrotask,typeof TextEncoder," +
    "typeof Promise.race,typeof Promise.prototype.finally,typeof Math.imul,typeof Math.trunc,typeof Number.isInteger,typeof Array.from,typeof [].flat," +
    "typeof [].at,typeof Uint8Array.from,typeof Object.freeze,typeof Object.is,typeof ''.search,typeof ''.codePointAt,typeof Date.UTC,typeof process.exit";
  const present =
    "typeof Promise.all,typeof [].map,typeof ''.padStart,typeof JSON.parse,typeof Uint8Array,typeof Object.keys,typeof [].indexOf,typeof g.drawString";
  const { printed } = rig(
    `print([${lacking}].join()); print([${present}].join()); for (var x of [7]) print(x); print(Array.isArray(new Uint8Array([1]).slice(0)));`,
  );
  t.deepEqual(new Set(printed[0].split(",")), new Set(["undefined"]));
  t.false(printed[1].includes("undefined"));
  t.deepEqual(printed.slice(2), ["7", "true"]);
});

test("timers keep order and time; what a timer throws is printed and the program goes on", (t) => {
  const { clock, printed } = rig(
    "var n=0; var i=setInterval(function(){n++; print(n+'@'+Math.round(getTime()*1000)); if(n==2) changeInterval(i,50); if(n==3) clearInterval(i);},100);" +
      "setTimeout(function(){throw new Error('oh');},10); setTimeout(function(a){print(a);},20,'late');",
  );
  clock.advance(1000);
  t.deepEqual(
    printed.map((line) => line.split("\n")[0]),
    ["Uncaught Error: oh", "late", "1@400", "2@500", "3@550"],
  );
});

test("clearTimeout(undefined) throws as on the chip", (t) => {
  const { printed } = rig("var nothing; try { clearTimeout(nothing); } catch (e) { print('thrown'); }");
  t.deepEqual(printed, ["thrown"]);
});

test("power off ends timers at once, power on boots again with the flash as it was", (t) => {
  const program =
    "var s=require('Storage'); var n=+(s.read('n')||0)+1; s.write('n',''+n); print('boot '+n); setInterval(function(){print('tick');},100);";
  const { clock, board, printed } = rig(program);
  clock.advance(150);
  board.powerOff();
  clock.advance(1000);
  t.deepEqual(printed, ["boot 1", "tick"]);
  board.powerOn();
  clock.advance(300);
  t.is(printed[2], "boot 2");
});

test("hashes and ciphers agree with Node's, but CFB cannot be decrypted", (t) => {
  const { printed } = rig(
    "var c=require('crypto'); function hex(b){var o='';b=new Uint8Array(b);for(var i=0;i<b.length;i++)o+=(b[i]<16?'0':'')+b[i].toString(16);return o;}" +
      "print(hex(c.SHA256('abc'))); var k='0123456789abcdef'; var e=c.AES.encrypt('hello',k,{iv:k,mode:'CFB'}); print(hex(e));" +
      "print(hex(c.AES.decrypt(e,k,{iv:k,mode:'CFB'}))); print(hex(c.AES.decrypt(c.AES.encrypt('sixteen letters!',k,{mode:'ECB'}),k,{mode:'ECB'})));",
  );
  const key = Buffer.from("0123456789abcdef");
  t.is(printed[0], createHash("sha256").update("abc").digest("hex"));
  t.is(printed[1], createCipheriv("aes-128-cfb8", key, key).update("hello").toString("hex"));
  t.not(printed[2], Buffer.from("hello").toString("hex"));
  t.is(printed[3], Buffer.from("sixteen letters!").toString("hex"));
});

test("raw flash only clears bits until its page is erased, and asks for whole words", (t) => {
  const { printed } = rig(
    "var f=require('Flash'),a=f.getFree()[0].addr; f.write([0xF0,1,2,3],a); f.write([0x3C,255,255,255],a); print(f.read(4,a).join());" +
      "f.erasePage(a+5); print(f.read(4,a).join()); try{f.write([1,2,3],a);}catch(e){print('words');}",
  );
  t.deepEqual(printed, ["48,1,2,3", "255,255,255,255", "words"]);
});

test("a torn write leaves its first bytes and a board without power", (t) => {
  const program = "var f=require('Flash'),a=f.getFree()[0].addr; f.write([1,2,3,4],a); print('one'); f.write([5,6,7,8],a+4); print('two');";
  const flash = createFlash();
  install(flash, program);
  flash.tearAfter(2, 2);
  const { clock, board, printed } = rig(program, () => null, flash);
  clock.advance(1000);
  t.false(board.powered);
  t.deepEqual(printed, ["one"]);
  t.deepEqual([...flash.raw.subarray(0, 9)], [1, 2, 3, 4, 5, 6, 255, 255, 255]);
});

test("a stored flash is there for the next process", (t) => {
  const path = join(mkdtempSync(join(tmpdir(), "flash-")), "kiosk");
  const first = openFlash(path);
  provision(first, { terminal: 3, kind: "payment", key: "ab".repeat(32), host: "127.0.0.1", port: 1883, school: 1 });
  first.writeRaw(4096, new Uint8Array([1, 2, 3, 4]));
  first.close();
  const second = openFlash(path);
  t.deepEqual([...second.raw.subarray(4094, 4101)], [255, 255, 1, 2, 3, 4, 255]);
  t.regex(Buffer.from(second.files.get("config") ?? []).toString(), /"terminal":3/);
  second.close();
});

/** Repeats every byte back after 7 ms. */
function echo(baud: number): SerialDevice & { heard: number[] } {
  let send: (bytes: Uint8Array) => void = () => {};
  const heard: number[] = [];
  return {
    baud,
    heard,
    connect: (back) => void (send = back),
    receive(bytes) {
      heard.push(...bytes);
      send(bytes);
    },
  };
}

test("serial bytes take their time and come in pieces of at most 64", (t) => {
  const clock = createVirtualClock();
  const printed: string[] = [];
  const flash = createFlash();
  const board = createBoard({ name: "t", chip: "ESP32_CYD", clock, flash, network: null, log: (line) => printed.push(line) });
  install(
    flash,
    "var all='',most=0; Serial2.setup(9600); Serial2.on('data',function(d){all+=d;most=Math.max(most,d.length);" +
      "if(all.length==200) print(most<=64, all.charCodeAt(199), getTime()>0.6);});" +
      "var b=[]; for(var i=0;i<200;i++) b.push(i); Serial2.write(b);",
  );
  const device = echo(9600);
  board.attachSerial(2, device);
  board.powerOn();
  clock.advance(2000);
  t.is(device.heard.length, 200);
  t.deepEqual(printed, ["true 199 true"]);
});

test("a device at another speed understands nothing", (t) => {
  const clock = createVirtualClock();
  const flash = createFlash();
  const board = createBoard({ name: "t", chip: "ESP32S3", clock, flash, network: null });
  install(flash, "Serial1.setup(9600); Serial1.write('hi');");
  const device = echo(115200);
  board.attachSerial(1, device);
  board.powerOn();
  clock.advance(1000);
  t.deepEqual(device.heard, []);
});

test("a socket carries bytes both ways; an array is sent as its decimal text", async (t) => {
  const server: Buffer[] = [];
  const { clock, printed } = rig(
    "require('net').connect({host:'h',port:1883},function(s){ s.on('data',function(d){print(d.length, d.charCodeAt(0));});" +
      "s.on('close',function(e){print('closed',e);}); s.write('\\x00\\xff'); s.write(new Uint8Array([1,2])); });",
    (clock) => {
      const network = createVirtualNetwork(clock);
      network.listen(1883, (stream) => {
        stream.on("data", (chunk: Buffer) => server.push(chunk));
        stream.write(Buffer.from([200, 1, 2]));
        clock.after(100, () => stream.end());
      });
      return network;
    },
  );
  await clock.settle(500);
  t.deepEqual([...Buffer.concat(server)], [0, 255, ..."1,2".split("").map((c) => c.charCodeAt(0))]);
  t.deepEqual(printed, ["3 200", "closed false"]);
});

test("a refused connection throws, and a pulled cable holds bytes until it is back", async (t) => {
  const refused = rig("try { require('net').connect({host:'h',port:1}); } catch (e) { print(e.message); }", (clock) =>
    createVirtualNetwork(clock),
  );
  t.deepEqual(refused.printed, ["Unable to create socket"]);

  const heard: string[] = [];
  let cable: ReturnType<typeof createCable> | null = null;
  const { clock } = rig(
    "require('net').connect({host:'h',port:2},function(s){ setInterval(function(){ s.write('x'); },1000); });",
    (clock) => {
      const network = createVirtualNetwork(clock);
      network.listen(2, (stream) => stream.on("data", (chunk: Buffer) => heard.push(chunk.toString())));
      return (cable = createCable(network, clock));
    },
  );
  await clock.settle(2500);
  t.is(heard.join(""), "xx");
  cable!.pull();
  await clock.settle(3000);
  t.is(heard.join(""), "xx");
  cable!.plug();
  await clock.settle(100);
  t.is(heard.join(""), "xxxxx");
});

test("watches hear pins that the world drives", (t) => {
  const { clock, board, printed } = rig(
    "setWatch(function(e){print(e.state?1:0);},D36,{repeat:true,edge:'falling'}); print(D36.read()?1:0);",
  );
  board.pins.drive(36, false);
  clock.advance(1);
  board.pins.drive(36, true);
  clock.advance(1);
  board.pins.drive(36, false);
  clock.advance(1);
  t.deepEqual(printed, ["1", "0", "0"]);
});

test("two edges within a moment are two events, unless the watch is debounced", (t) => {
  const { clock, board, printed } = rig(
    "setWatch(function(e){print('each',e.state?1:0);},D36,{repeat:true,edge:'both'});" +
      "setWatch(function(e){print('settled',e.state?1:0);},D36,{repeat:true,edge:'both',debounce:20});",
  );
  board.pins.drive(36, false);
  board.pins.drive(36, true);
  clock.advance(50);
  board.pins.drive(36, false);
  clock.advance(50);
  t.deepEqual(printed, ["each 0", "each 1", "each 0", "settled 0"]);
});

test("E.reboot starts anew, the watchdog does so when nobody kicks", (t) => {
  const { clock, board } = rig("E.enableWatchdog(5,false); setTimeout(function(){E.kickWatchdog();},4000);");
  clock.advance(8900);
  t.is(board.boots, 1);
  clock.advance(500);
  t.is(board.boots, 2);
});

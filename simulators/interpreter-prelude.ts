/**
 * What an interpreter on a desktop lacks and a board has, written for `.boot0`: it runs before the image, which stays as it was built. The display,
 * the touch panel and the buzzer talk to `openInterpreter` in lines that begin with the byte 2; serial ports lead to the paths given here.
 *
 * It also notes the greatest use of memory, collected: at every look at the clock, every stroke of the pen, and every record that is read or written.
 */
export interface PreludeSettings {
  /** Device file of each serial port, by its name. */
  readonly paths: Readonly<Record<string, string>>;
  /** Where the board's raw flash begins, and where the stand-in keeps it. */
  readonly rawStart: number;
  readonly rawAt: number;
  /** The slots, likewise; `slotsAt` 0 when its flash is too small for them. They are a file, from `slotsOffset` on: so they can be read as a string. */
  readonly slotsStart: number;
  readonly slotsAt: number;
  readonly slotsOffset: number;
  readonly pageBytes: number;
  /** Address of the keypad on I2C: its columns are what closed contacts make of the rows written last, without ghosts. */
  readonly keypadAt: number;
  /** Port of this machine where orders come from, a line each. Its console would lose characters: a thread of its own fills it without a lock. */
  readonly ordersAt: number;
}

const STAND_INS = `
echo(0);
standIn.peak=0;standIn.raw={};standIn.color=0;standIn.watch=null;
standIn.look=function(){var u=process.memory().usage;if(u>standIn.peak)standIn.peak=u;};
standIn.tell=function(line){standIn.look();print("\\x02"+line);};
standIn.fingers=[];
standIn.touch=function(x,y){if(standIn.fingers.push([x,y])===1)standIn.press();};
standIn.press=function(){
var at=standIn.fingers[0];standIn.raw={208:at[0],144:at[1],176:900};setTimeout(standIn.rest,0);};
standIn.rest=function(){
if(standIn.watch)standIn.watch();
setTimeout(function(){standIn.raw={};setTimeout(function(){standIn.fingers.shift();if(standIn.fingers.length)standIn.press();},AWAY_MS);},HOLD_MS);};
standIn.lift=function(){};
standIn.memory=function(){
standIn.tell("m"+process.memory().usage+","+standIn.peak+","+process.memory().total+","+standIn.cost+","+E.getErrorFlags().join("+"));};
standIn.orders="";
require("net").connect({host:"127.0.0.1",port:standIn.ordersAt},function(){}).on("data",function(data){
standIn.orders+=data;
for(var at=standIn.orders.indexOf("\\n");at>=0;at=standIn.orders.indexOf("\\n")){
var order=standIn.orders.substr(0,at);standIn.orders=standIn.orders.substr(at+1);eval(order);}
});
standIn.ruler=Graphics.createArrayBuffer(8,8,1);
standIn.setup=Serial1.setup;
Serial1.setup=Serial2.setup=Serial3.setup=function(baud,options){
var name=this===Serial1?"Serial1":this===Serial2?"Serial2":"Serial3";
options={path:standIn.paths[name],parity:options.parity};standIn.setup.call(this,baud,options);};
var g={
setFontAlign:function(){return g;},
setFontCustom:function(bitmap,first,widths,height){standIn.ruler.setFontCustom(bitmap,first,widths,height);standIn.tell("f"+height);return g;},
setColor:function(color){standIn.color=color;return g;},
fillRect:function(a,b,c,d){standIn.tell("r"+a+","+b+","+c+","+d+","+standIn.color);return g;},
drawString:function(text,x,y){standIn.tell("t"+x+","+y+","+standIn.color+","+btoa(text));return g;},
drawImage:function(){return g;},
stringWidth:function(text){return standIn.ruler.stringWidth(text);}
};
var SPI2={setup:function(){},send:function(bytes){var v=standIn.raw[bytes[0]]||0;return new Uint8Array([0,v>>5&255,v<<3&255]);}};
standIn.pad=0;standIn.rows=255;
var I2C1={
setup:function(){},
writeTo:function(address,data){if(address===standIn.keypadAt)standIn.rows=data[0];else standIn.tell("i"+address+","+btoa(E.toString(data)));},
readFrom:function(){
for(var row=0,low=0;row<4;row++)if(!(standIn.rows>>row&1))low|=standIn.pad>>row*4&15;
return new Uint8Array([255-(low<<4)]);}
};
standIn.time=getTime;standIn.keys=Object.keys;
Object.keys=function(object){standIn.look();return standIn.keys(object);};
function getTime(){standIn.look();return standIn.time();}
function pinMode(){}
function digitalRead(pin){return pin&&standIn.raw[176]?0:1;}
function setWatch(run){standIn.watch=run;return 1;}
function analogWrite(pin,value,options){standIn.tell("b"+options.freq);}
function digitalWrite(){standIn.tell("b0");}
E.setConsole=function(){};
Modules.addCached("Flash",function(){
var flash=require("Flash");
function at(address){
if(address<standIn.slotsStart)return address-standIn.rawStart+standIn.rawAt;
return standIn.slotsAt&&address-standIn.slotsStart+standIn.slotsAt;
}
exports.read=function(length,address){return at(address)?flash.read(length,at(address)):new Uint8Array(length).fill(255);};
exports.write=function(data,address){if(at(address))flash.write(data,at(address));};
exports.erasePage=function(address){for(var i=0;at(address)&&i<4096;i+=standIn.pageBytes)flash.erasePage(at(address)+i);};
});
E.memoryArea=function(address,length){return require("Storage").read("slots",address-standIn.slotsStart+standIn.slotsOffset,length);};
standIn.cost=process.memory().usage-standIn.base;
`;

/**
 * A finger stays for so long after the program has heard of it, and away for so long: on a busy computer its coming and going arrive together, and a touch
 * without a length is none. Both together are no longer than a hand takes for a key (hand.ts), or the queue would lag behind the hand.
 */
const HOLD_MS = 200;
const AWAY_MS = 100;

export function preludeFor(settings: PreludeSettings): string {
  const standIns = STAND_INS.replace("HOLD_MS", String(HOLD_MS)).replace("AWAY_MS", String(AWAY_MS));
  return `var standIn={base:process.memory().usage};Object.assign(standIn,${JSON.stringify(settings)});${standIns}`;
}

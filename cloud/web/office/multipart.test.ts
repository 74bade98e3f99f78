import test from "ava";
import { parseMultipart } from "./multipart.js";

const TYPE = 'multipart/form-data; boundary="--x y"';
const lines = (...all: string[]) => Buffer.from(all.join("\r\n"));
const GOOD = lines(
  "----x y",
  'content-disposition: form-data; name="a"',
  "",
  "привет\r\n--не граница",
  "----x y",
  'content-disposition: form-data; name="f"; filename="список.csv"',
  "content-type: text/csv",
  "",
  "1;2",
  "----x y",
  'content-disposition: form-data; name="a"',
  "",
  "",
  "----x y--",
  "",
);

test("fields and files are read, a name that comes again makes a list", (t) => {
  const read = parseMultipart(GOOD, TYPE);
  t.deepEqual({ ...read }, { a: ["привет\r\n--не граница", ""], f: { name: "список.csv", bytes: new Uint8Array(Buffer.from("1;2")) } });
});

test("a form cut anywhere before its end is none", (t) => {
  for (let length = 0; length < GOOD.length - 4; length++) t.is(parseMultipart(GOOD.subarray(0, length), TYPE), null, String(length));
  t.is(parseMultipart(GOOD, "multipart/form-data"), null);
});

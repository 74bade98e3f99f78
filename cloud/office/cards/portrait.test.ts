import test from "ava";
import sharp from "sharp";
import { PORTRAIT_HEIGHT, PORTRAIT_WIDTH, cropOf, makePortrait } from "./portrait.js";

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: "#406080" } });
const jpegOf = async (width: number, height: number) => new Uint8Array(await plain(width, height).jpeg().toBuffer());

test("of a picture that is too wide the sides are cut, of one that is too tall more below than above", (t) => {
  t.deepEqual(cropOf(1000, 531), { left: 293, top: 0, width: 413, height: 531 });
  t.deepEqual(cropOf(413, 1000), { left: 0, top: 117, width: 413, height: 531 });
  t.deepEqual(cropOf(PORTRAIT_WIDTH, PORTRAIT_HEIGHT), { left: 0, top: 0, width: PORTRAIT_WIDTH, height: PORTRAIT_HEIGHT });
});

test("whatever comes in, a card's portrait comes out, and nothing of the file beside the picture", async (t) => {
  const told = { IFD0: { Copyright: "secret owner", Model: "secret camera" } };
  const jpeg = await plain(900, 1400).withExif(told).jpeg().toBuffer();
  const png = await plain(1400, 900).withExif(told).png().toBuffer();
  t.true(jpeg.includes("secret owner"));
  for (const bytes of [jpeg, png]) {
    const made = await makePortrait(new Uint8Array(bytes));
    if (!made.ok) return t.fail(made.fault);
    const found = await sharp(made.jpeg).metadata();
    t.like(found, { format: "jpeg", width: PORTRAIT_WIDTH, height: PORTRAIT_HEIGHT, space: "srgb" });
    t.is(found.exif, undefined);
    t.false(Buffer.from(made.jpeg).includes("secret"));
  }
});

test("a telephone held upright says so only in its metadata, and is heard", async (t) => {
  // Lies on its side: its left half, black, is the lower one when it stands.
  const black = await sharp({ create: { width: 700, height: 900, channels: 3, background: "#000000" } })
    .png()
    .toBuffer();
  const lying = plain(1400, 900).composite([{ input: black, left: 0, top: 0 }]);
  const made = await makePortrait(new Uint8Array(await lying.withMetadata({ orientation: 8 }).jpeg().toBuffer()));
  if (!made.ok) return t.fail(made.fault);
  const { data } = await sharp(made.jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => data[y * PORTRAIT_WIDTH + x];
  t.true(at(200, 20) > 60, "above it is light");
  t.true(at(200, PORTRAIT_HEIGHT - 20) < 20, "below it is black");
});

test("what is no photograph, or none for a card, is refused by its kind", async (t) => {
  const faultOf = async (bytes: Uint8Array) => {
    const made = await makePortrait(bytes);
    return made.ok ? null : made.fault;
  };
  t.is(await faultOf(new Uint8Array(0)), "kind");
  t.is(await faultOf(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='500' height='700'/>")), "kind");
  t.is(await faultOf(new Uint8Array(await plain(500, 700).webp().toBuffer())), "kind");
  t.is(await faultOf(await jpegOf(200, 260)), "small");
  t.is(await faultOf((await jpegOf(900, 1200)).slice(0, 900)), "damaged");
  t.is(await faultOf(Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3])), "damaged");
  const huge = await plain(8000, 7000).png({ compressionLevel: 1 }).toBuffer();
  t.is(await faultOf(new Uint8Array(huge)), "large");
});

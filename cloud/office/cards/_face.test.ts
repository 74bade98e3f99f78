/** For tests: a face that is nobody's, drawn of ovals, in the colour that is asked for. */
import sharp from "sharp";

export async function drawFace(shirt: string, { width = 900, height = 1200 } = {}): Promise<Uint8Array> {
  const drawing = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 350 450" preserveAspectRatio="xMidYMid slice">`,
    `<rect width="350" height="450" fill="#dfe6ea"/><ellipse cx="175" cy="470" rx="150" ry="130" fill="${shirt}"/>`,
    '<rect x="145" y="270" width="60" height="90" fill="#e3b48f"/><ellipse cx="175" cy="200" rx="85" ry="110" fill="#efc6a2"/>',
    '<path d="M85 190q5-125 90-125t90 125q-30-70-90-70t-90 70z" fill="#4a3020"/><circle cx="143" cy="200" r="8"/><circle cx="207" cy="200" r="8"/>',
    '<path d="M140 255q35 28 70 0" stroke="#8a3b2e" stroke-width="7" fill="none"/></svg>',
  ].join("");
  return new Uint8Array(await sharp(Buffer.from(drawing)).jpeg({ quality: 80 }).toBuffer());
}

/** A QR code as a picture of one path: needs no script, scales, and prints. Always dark on white, as cameras want it. */
import QRCode from "qrcode";

/** Modules of white around it (ISO/IEC 18004 §6.3.8). */
const QUIET = 4;

export function Qr({ payload, label }: { payload: string; label: string }) {
  const { size, data } = QRCode.create(payload, { errorCorrectionLevel: "M" }).modules;
  const dark = Array.from({ length: size * size }, (_, i) => i).filter((i) => data[i]);
  const path = dark.map((i) => "M" + ((i % size) + QUIET) + " " + (Math.floor(i / size) + QUIET) + "h1v1h-1z").join("");
  const side = size + 2 * QUIET;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

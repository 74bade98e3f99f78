/** Receipts as the page draws them: lines with their sizes, QR codes as paths. */
import qrcode from "qrcode";
import type { PaperLine, Receipt, Span } from "../devices/escpos.js";

/** A line for the page. `path` fills the modules of a QR code in a square of `size` units a side, each `dots` printer's dots wide. */
export type DrawnLine =
  | { readonly kind: "text"; readonly align: string; readonly spans: readonly Span[] }
  | {
      readonly kind: "qr";
      readonly align: string;
      readonly dots: number;
      readonly size: number;
      readonly path: string;
      readonly text: string;
    };

/** One square a module, rows joined into runs so that the path stays short. Level M, as the terminals ask for. */
export function qrPath(data: Uint8Array): { readonly size: number; readonly path: string } {
  const { modules } = qrcode.create([{ data, mode: "byte" }], { errorCorrectionLevel: "M" });
  let path = "";
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      let run = 0;
      while (x + run < modules.size && modules.get(y, x + run)) run++;
      if (run === 0) continue;
      path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return { size: modules.size, path };
}

function drawnLine(line: PaperLine): DrawnLine {
  if (line.kind === "text") return line;
  // A payload that no code can hold prints nothing, as on the device.
  const drawn = line.data.length === 0 ? { size: 1, path: "" } : qrPath(line.data);
  return { kind: "qr", align: line.align, dots: line.dots, ...drawn, text: Buffer.from(line.data).toString("latin1") };
}

export function drawnReceipt(receipt: Receipt): readonly DrawnLine[] {
  return receipt.lines.map(drawnLine);
}

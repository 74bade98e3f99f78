/** PDFs as pdfkit draws them. It is loaded with the first one: most processes of the cloud never draw any. */

export interface OpenPdf {
  readonly document: PDFKit.PDFDocument;
  /** Closes the document; its bytes. */
  readonly end: () => Promise<Uint8Array>;
}

export async function openPdf(options: PDFKit.PDFDocumentOptions): Promise<OpenPdf> {
  const { default: PDFDocument } = await import("pdfkit");
  const document = new PDFDocument(options);
  const parts: Buffer[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    document.on("data", (part: Buffer) => parts.push(part));
    document.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    document.on("error", reject);
  });
  return {
    document,
    end() {
      document.end();
      return done;
    },
  };
}

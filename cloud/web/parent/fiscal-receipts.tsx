/** Fiscal receipts of a payment: drive, document and sign, the provider's link, and the QR code that the tax service's application reads. */
import { fiscalCode } from "../../fiscal/receipt.js";
import type { FiscalReceipt } from "../../fiscal/receipt.js";
import { en } from "../../fiscal/words.en.js";
import { ru } from "../../fiscal/words.ru.js";
import { useReader } from "../reader-context.js";
import { Qr } from "../qr.js";

export function FiscalReceipts({ receipts }: { receipts: readonly FiscalReceipt[] }) {
  const words = useReader().language === "ru" ? ru : en;
  return (
    <>
      {receipts.map(({ document, sum }) =>
        document === null ? null : (
          <>
            <p>
              {(sum > 0 ? words.document : words.refund)(document.drive, document.number, document.sign)}
              {document.url !== null && (
                <>
                  {" "}
                  <a href={document.url}>{words.open}</a>
                </>
              )}
            </p>
            <Qr payload={fiscalCode(document, sum)} label={words.code} />
          </>
        ),
      )}
    </>
  );
}

/** The page on which a payer pays at the practice bank: plain HTML, as somebody else's page is. */
import type { BankWords } from "./words.en.js";

export interface PayPage {
  readonly words: BankWords;
  readonly action: string;
  readonly number: string;
  readonly amount: number;
  readonly purpose: string;
  /** Milliseconds until the session ends; null when nothing can be paid any more. */
  readonly leftMs: number | null;
  readonly returnUrl: string;
  /** Whoever pays here lets the merchant ask for more without him. */
  readonly binds: boolean;
}

const STYLE = `body{font:18px/1.4 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;color:#17324d;background:#f2f6fa}
main{background:#fff;border-radius:12px;padding:1.25rem;box-shadow:0 1px 6px #0002}h1{font-size:1.1rem;margin:0 0 1rem}
.sum{font-size:2rem;font-variant-numeric:tabular-nums}dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem}dt{color:#5a6b7b}dd{margin:0}
label{display:block;margin:.8rem 0 .2rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #9bb;border-radius:6px}
button{font:inherit;margin-top:1rem;width:100%;padding:.7rem;border:0;border-radius:8px;background:#0a6b3d;color:#fff}
button.plain{background:#e5eaef;color:#17324d}small{color:#5a6b7b}`;

export function formatPayPage(page: PayPage): string {
  const { words } = page;
  const fields = [words.card, words.valid, words.code].map(
    (label, i) => `<label for="f${i}">${label}</label><input id="f${i}" autocomplete="off">`,
  );
  const form = `<p>${page.leftMs === null ? "" : words.left(formatTime(page.leftMs))}</p><form method="post" action="${escapeHtml(page.action)}">
${fields.join("\n")}<button name="do" value="pay">${page.binds ? words.payAndBind : words.pay}</button>
<button class="plain" name="do" value="decline">${words.decline}</button></form>`;
  const over = `<p>${words.over}</p><p><a href="${escapeHtml(page.returnUrl)}">${words.back}</a></p>`;
  return `<!doctype html><html lang="${words.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${words.title}</title><style>${STYLE}</style><main><h1>${words.title}</h1>
<p>${words.toPay}<br><span class="sum">${formatRoubles(page.amount)}</span></p>
<dl><dt>${words.order}</dt><dd>${escapeHtml(page.number)}</dd><dt>${words.purpose}</dt><dd>${escapeHtml(page.purpose)}</dd></dl>
${page.leftMs === null ? over : form}</main><p><small>${words.practice}</small></p></html>`;
}

/** Where somebody says who they are; the question stays in the address. */
export function formatIdentityPage({ language, identity: say }: BankWords, action: string): string {
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${say.title}</title><style>${STYLE}</style><main><h1>${say.title}</h1><form method="post" action="${escapeHtml(action)}">
<label for="person">${say.person}</label><input id="person" name="person" autocomplete="off">
<button name="do" value="enter">${say.enter}</button><button class="plain" name="do" value="cancel">${say.cancel}</button></form></main></html>`;
}

function formatTime(leftMs: number): string {
  const seconds = Math.floor(leftMs / 1000);
  return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

function formatRoubles(kopecks: number): string {
  return Math.floor(kopecks / 100) + "," + String(kopecks % 100).padStart(2, "0") + " ₽";
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => "&#" + sign.charCodeAt(0) + ";");
}

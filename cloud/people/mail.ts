/** Letters through the operator's mail server by SMTP (RFC 5321), encrypted; on this machine alone it may be plain. */
import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import type { Message, Messenger } from "./messenger.js";

export interface MailOptions {
  /** "smtps://user:password@mail.example:465", or "smtp://…:587", which begins plain and asks for encryption before it says who we are. */
  readonly url: string;
  /** The address that letters come from. */
  readonly from: string;
}

const PATIENCE_MS = 10_000;
/** A server may look long into what a letter carries before it says that it has taken it (RFC 5321 §4.5.3.2.6). */
const TAKING_MS = 120_000;
const PORTS = new Map([
  ["smtps:", 465],
  ["smtp:", 587],
]);

/** Carries letters; short messages go on to `others`. `now`: Unix ms. Rejects with the server's own sentence when it has not taken a letter. */
export function createMail({ url, from }: MailOptions, now: () => number, others?: Messenger): Messenger {
  const { protocol, hostname, port, username, password } = new URL(url);
  const transport = createTransport({
    // As an address: a name would be asked for out there.
    host: hostname === "localhost" ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? PORTS.get(protocol) : Number(port),
    secure: protocol === "smtps:",
    requireTLS: !isHere(hostname),
    ignoreTLS: protocol === "smtp:" && isHere(hostname),
    auth: username === "" ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    ...{ connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: TAKING_MS },
    // A letter's text is never a reason to open something.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return {
    async send(message) {
      const { kind, to, subject, text, attachments = [] } = message;
      if (kind === "mail") {
        const files = attachments.map(({ name, type, bytes }) => ({ filename: name, contentType: type, content: Buffer.from(bytes) }));
        // As an object it is one address, whatever a person has typed.
        const address = { name: "", address: to };
        const messageId = nameOf(message, from, now());
        await transport.sendMail({ from, to: address, subject, text, attachments: files, textEncoding: "base64", messageId });
      } else if (others) await others.send(message);
      else throw new Error("nobody carries short messages");
    },
  };
}

/** The same letter sent again, because nobody heard that it was taken, is one letter to a mailbox; the same words on another day are news. */
function nameOf({ to, subject, text }: Message, from: string, nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, "2026-12-01".length);
  const digest = createHash("sha256").update([day, to, subject, text].join("\n")).digest("hex");
  return `<${digest.slice(0, 32)}@${from.split("@")[1]}>`;
}

/** Nothing leaves this machine on its way there. */
export function isHere(hostname: string): boolean {
  return ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

/** A mail server with the interface of real ones, as far as whoever sends letters sees it. Encrypted, picky or full it is on request. */
import { SMTPServer } from "smtp-server";

export interface MailServer {
  readonly port: number;
  /** Letters as they came, with their headers. */
  readonly letters: { readonly from: string; readonly to: readonly string[]; readonly text: string }[];
  /** Takes nothing for now, as real ones do, while true. */
  isBusy: boolean;
  readonly close: () => Promise<void>;
}

export interface MailServerOptions {
  readonly user: string;
  readonly password: string;
  /** "always": from the first byte; "offered": by STARTTLS; "never". Its certificate is nobody's whom one could trust. */
  readonly encrypts: "always" | "offered" | "never";
  /** 127.0.0.1 when it is left out. */
  readonly host?: string;
}

export async function openMailServer({ user, password, encrypts, host = "127.0.0.1" }: MailServerOptions): Promise<MailServer> {
  const letters: { from: string; to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    secure: encrypts === "always",
    disabledCommands: encrypts === "offered" ? [] : ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password: given }, _, done) =>
      username === user && given === password ? done(null, { user }) : done(new Error("no such user")),
    onRcptTo: (_, __, done) => done(mail.isBusy ? Object.assign(new Error("come later"), { responseCode: 451 }) : undefined),
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        letters.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  // Whoever does not like our certificate hangs up, which is theirs to say.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.server.address();
  const mail: MailServer = {
    port: address !== null && typeof address === "object" ? address.port : 0,
    letters,
    isBusy: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mail;
}

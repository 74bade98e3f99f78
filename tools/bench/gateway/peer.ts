/**
 * What the gateway is measured against, in a process of its own: the same broker library, which gives each frame back to the terminal that sent it, either
 * at once (`bare`) or after a row in SQLite that a group commit has made durable (`durable`). Nothing is decided, checked or deciphered.
 */
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Aedes } from "aedes";
import Database from "better-sqlite3";

interface Waiting {
  readonly topic: string;
  readonly payload: Buffer;
}

/** Commits what has come within one turn of the event loop, then hands it back. */
function groupCommit(path: string, answer: (one: Waiting) => void): (one: Waiting) => void {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE message (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL) STRICT");
  const insert = database.prepare("INSERT INTO message (topic, payload) VALUES (?, ?)");
  const waiting: Waiting[] = [];
  const commit = database.transaction(() => {
    for (const one of waiting) insert.run(one.topic, one.payload);
  });
  return (one) => {
    if (waiting.push(one) > 1) return;
    setImmediate(() => {
      commit();
      for (const done of waiting.splice(0)) answer(done);
    });
  };
}

async function main(kind: string, folder: string): Promise<void> {
  const aedes = await Aedes.createBroker();
  const answer = ({ topic, payload }: Waiting): void =>
    aedes.publish({ cmd: "publish", topic: topic.replace(/u$/, "d"), payload, qos: 0, retain: false, dup: false }, () => undefined);
  const take = kind === "durable" ? groupCommit(join(folder, "peer.sqlite"), answer) : answer;
  aedes.authorizePublish = (_client, packet, done) => {
    take({ topic: packet.topic, payload: Buffer.from(packet.payload) });
    done(null);
  };
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    aedes.handle(socket);
  });
  server.listen(0, "127.0.0.1", () =>
    process.stdout.write(`${JSON.stringify({ started: true, mqttPort: (server.address() as AddressInfo).port })}\n`),
  );
}

await main(process.argv[2] ?? "bare", process.argv[3] ?? ".");

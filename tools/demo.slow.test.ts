import test from "ava";
import { visitBench } from "@trapeza/simulators";
import { gatewayOf, isAlive, postmasterOf, runDemo, startDemo, temporaryFolder, until, type Demo } from "./_demo.test.js";
import { logIn } from "./_parent.test.js";

const KIOSK = 0;
const STOP_MS = 15_000;

/** The card that the printed advice names first. */
function cardOf(demo: Demo): string {
  return /Терминал оплаты: карта «([^»]+)»/.exec(demo.said())?.[1] ?? "";
}

/** Feeds one note to the additional purse of the parent's older child. Returns the paper. */
async function feed(demo: Demo, valueKopecks: number): Promise<string[]> {
  const visitor = await visitBench(demo.bench);
  try {
    await visitor.until(KIOSK, "Приложите карту");
    visitor.tap(KIOSK, cardOf(demo));
    await visitor.until(KIOSK, "Какой счёт пополнить?");
    await visitor.press(KIOSK, "Дополнительный");
    await visitor.until(KIOSK, "Вставляйте");
    // The slot opens a moment after the screen says so; a note before that comes back.
    await until(
      async () => {
        if (!visitor.read(KIOSK).includes("0,00")) return true;
        visitor.insert(KIOSK, valueKopecks);
        await new Promise((done) => setTimeout(done, 3000));
        return false;
      },
      () => "the note: " + visitor.read(KIOSK).join(" | "),
      STOP_MS,
    );
    await visitor.press(KIOSK, "Готово");
    await visitor.until(KIOSK, "Спасибо");
    return visitor.paper(KIOSK);
  } finally {
    visitor.close();
  }
}

/** The rows of the older child's history, as text, seen by the parent with the printed password. */
async function history({ parent, phone, password }: Demo): Promise<string> {
  const headers = { cookie: await logIn(parent, phone, password), "accept-language": "ru" };
  const cards = await (await fetch(parent, { headers })).text();
  const child = [...cards.matchAll(/href="(\/children\/\d+\/\d+)/g)].at(-1)?.[1] ?? "";
  const page = await (await fetch(parent + child, { headers })).text();
  return page.replace(/<[^>]*>/g, "");
}

async function topUps(demo: Demo): Promise<number> {
  return (await history(demo)).split("Пополнение наличными").length - 1;
}

/** The status page's password is the parent's: one is enough for a demonstration. */
function door({ password }: Demo): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`demo:${password}`).toString("base64")}` };
}

async function journalSize(demo: Demo): Promise<number> {
  try {
    const status = (await (await fetch(demo.status + "/status.json", { headers: door(demo) })).json()) as { journal: { size: number } };
    return status.journal.size;
  } catch {
    return 0;
  }
}

const { folder, clear } = temporaryFolder();
let demo: Demo;
let firstPassword = "";

test.after.always(async () => {
  if (demo && isAlive(demo.child.pid as number)) await demo.end("SIGINT");
  await clear();
});

test.serial("it prints where everything is, how to log in, and three things to try", async (t) => {
  demo = await startDemo(folder);
  firstPassword = demo.password;
  for (const address of [demo.bench, demo.parent, demo.status]) t.is((await fetch(address)).status, 200, address);
  for (const number of ["1.", "2.", "3."]) t.true(demo.said().includes(`\n  ${number} `), demo.said());
});

test.serial("a note fed at the bench is on the parent's page within seconds", async (t) => {
  const paper = await feed(demo, 50_000);
  t.true(
    paper.some((line) => line.includes("500,00")),
    paper.join("\n"),
  );
  await until(
    async () => (await topUps(demo)) === 1,
    () => "the parent's page",
    STOP_MS,
  );
  t.pass();
});

test.serial("a second one on the same data says so, exits with 1 and disturbs nobody", async (t) => {
  const second = await runDemo(folder).ended;
  t.is(second.code, 1);
  t.true(second.said.includes(`На данных в ${folder} уже работает школа: стенд ${demo.bench}`), second.said);
  t.is((await fetch(demo.bench)).status, 200);
  t.is(await topUps(demo), 1);
});

test.serial("a gateway killed with SIGKILL is started again and has everything that it ever answered", async (t) => {
  const before = await journalSize(demo);
  const killed = gatewayOf(demo);
  process.kill(killed, "SIGKILL");
  await until(
    async () => (await journalSize(demo)) >= before && gatewayOf(demo) !== killed,
    () => `a gateway: ${demo.said()}`,
    STOP_MS,
  );
  t.true(demo.said().includes("шлюз неожиданно завершился"));
  const paper = await feed(demo, 10_000);
  t.true(
    paper.some((line) => line.includes("100,00")),
    paper.join("\n"),
  );
  await until(
    async () => (await topUps(demo)) === 2,
    () => "both notes on the parent's page",
    STOP_MS,
  );
});

test.serial("Ctrl-C stops everything within seconds and leaves no process behind", async (t) => {
  const processes = [gatewayOf(demo), postmasterOf(folder)];
  t.true(processes.every(isAlive));
  const sinceMs = performance.now();
  // As a terminal does it: to the whole group.
  process.kill(-(demo.child.pid as number), "SIGINT");
  t.is(await demo.end("SIGCONT"), 0, demo.said());
  t.true(performance.now() - sinceMs < STOP_MS);
  t.deepEqual(processes.filter(isAlive), []);
  t.false(demo.said().split("останавливаюсь")[1].includes("неожиданно"), demo.said());
});

test.serial("what happened is there after a restart, and so is the password", async (t) => {
  demo = await startDemo(folder);
  t.is(demo.password, firstPassword);
  t.true(demo.said().includes("школа такая, какой вы её оставили"));
  t.is(await topUps(demo), 2);
});

test.serial("killed with SIGKILL it leaves no gateway, and the next start goes on with what was left", async (t) => {
  const [gateway, postmaster] = [gatewayOf(demo), postmasterOf(folder)];
  await demo.end("SIGKILL");
  await until(
    () => !isAlive(gateway),
    () => "the gateway's end",
    STOP_MS,
  );
  t.true(isAlive(postmaster));
  demo = await startDemo(folder);
  t.is(postmasterOf(folder), postmaster);
  t.is(await topUps(demo), 2);
  t.is(await demo.end("SIGTERM"), 0);
  t.false(isAlive(postmaster));
});

test.serial("--fresh begins anew", async (t) => {
  demo = await startDemo(folder, "--fresh");
  t.not(demo.password, firstPassword);
  t.is(await topUps(demo), 0);
  t.is(await demo.end("SIGINT"), 0);
});

test.serial("a start that is interrupted leaves no database running", async (t) => {
  const early = runDemo(folder);
  await until(
    () => postmasterOf(folder) > 0,
    () => "a database",
    STOP_MS,
  );
  const postmaster = postmasterOf(folder);
  process.kill(early.pid, "SIGINT");
  t.is((await early.ended).code, 0);
  t.false(isAlive(postmaster));
});

const wrong: readonly [name: string, value: string, allowed: RegExp][] = [
  ["TRAPEZA_CLOUD_PORT", "abc", /порт от 0 до 65535/],
  ["TRAPEZA_BENCH_PORT", "70000", /порт от 0 до 65535/],
  ["TRAPEZA_STATUS_PORT", "-1", /порт от 0 до 65535/],
  ["DATABASE_URL", "foo", /postgres:\/\/user:password@host:port\/database/],
  ["DATABASE_URL", "postgres://nobody@127.0.0.1:1/none", /a database that lets us in/],
];
for (const [name, value, allowed] of wrong) {
  test(`${name}=${value} stops the start and is told with what is allowed`, async (t) => {
    const other = temporaryFolder();
    t.teardown(() => other.clear());
    const { code, said } = await runDemo(other.folder, { [name]: value }).ended;
    t.is(code, 1);
    t.true(said.includes(name) && said.includes(value), said);
    t.regex(said, allowed);
    t.notRegex(said, /\n {4}at /);
  });
}

import test from "ava";
import { readCloudConfig } from "./config.js";

const good = { TRAPEZA_CLOUD_DATA: "data", TRAPEZA_HOUSE: "trapeza.example" };

test("what is not said has a safe default", (t) => {
  t.deepEqual(readCloudConfig(good), {
    ...{ dataDir: "data", databaseUrl: null, host: "127.0.0.1", port: 8080, house: "trapeza.example", secureCookies: false },
  });
  t.true(readCloudConfig({ ...good, TRAPEZA_CLOUD_HOST: "10.0.0.5" }).secureCookies);
});

const WRONG: [setting: string, value: string | undefined][] = [
  ["TRAPEZA_CLOUD_DATA", undefined],
  ["TRAPEZA_CLOUD_DATA", ""],
  ["TRAPEZA_HOUSE", undefined],
  ["TRAPEZA_HOUSE", "Трапеза"],
  ["TRAPEZA_HOUSE", "localhost"],
  ["TRAPEZA_CLOUD_PORT", "http"],
  ["TRAPEZA_CLOUD_PORT", "65536"],
  ["TRAPEZA_CLOUD_PORT", "-1"],
  ["DATABASE_URL", "mysql://localhost/x"],
  ["DATABASE_URL", ""],
];

for (const [setting, value] of WRONG) {
  test("a wrong setting is named with its value: " + setting + " = " + value, (t) => {
    const error = t.throws(() => readCloudConfig({ ...good, [setting]: value }));
    t.true(
      error.message.startsWith(setting + (value === undefined ? " is not set" : " is " + JSON.stringify(value)) + "; it must be "),
      error.message,
    );
  });
}

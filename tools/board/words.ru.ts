import type { Words } from "./words.en.js";

/** То, что говорят инструменты техника, по-русски. */
export const RUSSIAN: Words = {
  whichCable: "Какой кабель? --port /dev/ttyUSB0 для последовательного порта, --tcp 127.0.0.1:2323 для платы, которая слушает сеть.",
  badAddress: (address) => `«${address}» — не адрес; нужно, например, 127.0.0.1:2323`,
  badBaud: (baud) => `--baud: «${baud}»; нужно целое число от 300 до 3000000`,
  cannotOpen: (name, why) => `${name} не открывается: ${why}`,
  noAnswer: (name) =>
    `Плата на ${name} не отвечает. Тот ли это кабель, есть ли питание? Терминал закрывает свою консоль: нажмите RST, отпустите и держите BOOT, пока программа не пойдёт дальше.`,
  whichKind: (kinds) => `Каким терминалом ей быть? --kind ${kinds.join(" | ")}`,
  badKind: (kind, kinds) => `Терминала «${kind}» нет; есть ${kinds.join(", ")}`,
  found: (board, version, variables) => `${board}, Espruino ${version}, переменных: ${variables}`,
  wrongBoard: (kind, wanted, board) => `Терминал ${kind} работает на ${wanted}, а это ${board}. --any-board прошьёт всё равно.`,
  otherKind: (kind, terminal, known) =>
    `Эта плата записана как терминал ${terminal} (${known}), а образ — для ${kind}. Запишите её заново (enrol) или --force.`,
  foreignImage: (kind) => `Этот файл — не образ терминала ${kind}.`,
  notAscii: (at) => `В образе на месте ${at} знак не из ASCII: сборка такого не делает.`,
  overBudget: (bytes, limit) => `В образе ${bytes} байт, предел — ${limit}.`,
  noRoom: (free, wanted) => `В Storage платы осталось ${free} байт, нужно ${wanted}.`,
  already: (name) => `${name}: уже там`,
  written: (name, bytes) => `${name}: ${bytes} байт, прочитано обратно и сверено`,
  goesOn: (name, bytes) => `${name}: продолжаю с ${bytes}`,
  brokenLine: "Кабель отошёл; жду …",
  cableGone: "Кабель не возвращается. Новая прошивка продолжит с того же места.",
  otherContent: "обратно читается другое",
  cannotWrite: (name, why) => `${name} не записать: ${why}`,
  flashed: (kind, version) => `Терминал ${kind} ${version} во флеш-памяти.`,
  notEnrolled: "Своей школы он ещё не знает: npm run tool -- enrol.",
  bluetoothOff: "Bluetooth включён: сейчас он выключается, плата запускается заново.",
  whichGateway: "Чей это терминал? --gateway <папка с settings.json> на машине шлюза или --from <файл>, записанный там через --to.",
  whichHost: (host) => `Шлюз слушает ${host}, там его не найдёт ни одна плата. --host <его адрес в сети школы>`,
  badTerminal: (given) => `--terminal: «${given}»; нужно целое число от 1 до 65535`,
  badLine: (given) => `--line: «${given}»; может быть ccnet или id003`,
  unknownTerminal: (terminal, known) =>
    `Шлюз не знает терминала ${terminal}. Его добавляет контора; есть: ` +
    (known.map((one) => `${one.terminal} (${one.kind}, ${one.place})`).join(", ") || "ни одного"),
  gatewaySilent: (address) => `Шлюз не отвечает по ${address}. Работает ли он на этой машине?`,
  badEnrolment: (path) => `${path} — не запись терминала: нужно то, что написал «enrol --to».`,
  saved: (path, terminal) =>
    `Запись терминала ${terminal} — в ${path}. В ней ключ: «enrol --from» удалит её, как только она будет в плате.`,
  wifiPassword: (ssid) => `Пароль сети ${ssid}: `,
  enrolled: (kind, terminal, gateway) => `Плата — терминал ${terminal} (${kind}), её шлюз — ${gateway}. Она запускается заново.`,
  owes: (operations, note) =>
    `В плате операций, которых шлюз не получил: ${operations}${note ? ", и купюра в пути" : ""}. Дайте ей сначала увидеть свой шлюз; --unsent-lost откажется от них.`,
  started: "Плата запускается заново.",
};

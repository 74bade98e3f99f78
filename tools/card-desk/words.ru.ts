/** What the card desk says, in Russian. */
import type { CardRefusal } from "@trapeza/protocol";
import type { Job } from "./office.js";

export const RUSSIAN = {
  usage: `Использование: npm run tool -- card-desk keys --gateway <папка шлюза> --to <файл ключей карт>
       npm run tool -- card-desk --cloud <https://адрес> --school <номер> --key <файл ключа рабочего места> --cards <файл ключей карт> [--reader <имя>]`,
  keysSaved: (file: string) => `Ключи карт записаны в ${file}. Перенесите файл на рабочее место изготовления карт и не оставляйте копий.`,
  cannotRead: (file: string) => `Файл ${file} не читается или это не тот файл.`,
  cannotWrite: (file: string) => `Файл ${file} не записан: возможно, он уже есть.`,
  idle: (school: string) => `${school}: жду партию. Её начинают в офисе, на странице «Изготовление карт». Ctrl-C заканчивает работу.`,
  batch: (id: number, chip: "mifare" | "ntag", left: number) =>
    `Партия № ${id}, ${chip === "mifare" ? "MIFARE Classic 1K" : "NTAG 424 DNA"}: осталось карт ${left}.`,
  next: (at: number, all: number, job: Job) =>
    `${at} из ${all}: ${job.class} ${job.name}, лицевой счёт ${job.number}. Положите чистую карту на считыватель.`,
  made: (kind: "mifare" | "ntag", uid: string, before: boolean, unseen: boolean) =>
    `  Готова: ${kind === "mifare" ? "MIFARE 1K" : "NTAG 424 DNA"} ${uid}${before ? ", была записана раньше и цела" : ""}.` +
    (unseen ? " Этот считыватель не проверяет, не перезаписываемая ли это копия." : "") +
    " Уберите карту.",
  refused: (why: string) => `  Карта не подходит: ${why}. Уберите её и положите другую.`,
  refusals: {
    unsupported: "это не MIFARE Classic 1K и не NTAG 424 DNA",
    random_uid: "номер меняется при каждом касании, как у телефона",
    foreign_key: "на ней ключ другой системы или другой школы",
    default_key: "на ней остаётся общеизвестный ключ",
    magic: "её номер можно переписать: это копия или заготовка для копий",
    backdoor: "у изготовителя этой микросхемы есть свой ключ ко всем секторам",
    used: "эта карта школы уже в обращении",
    read_back: "записанное не прочиталось",
    gone: "она перестала отвечать",
    known: "карта с таким номером в школе уже есть",
    other_chip: "партия делается из карт другого вида",
  } satisfies Record<CardRefusal, string>,
  stopped: "  Партия остановлена в офисе, карта не записана. Уберите её.",
  nobodys: "  Карта записана, но не нужна: по этому заявлению уже есть другая. Она ничья, её можно положить для следующего. Уберите её.",
  gone: "  Карту убрали слишком рано. Положите её ещё раз.",
  tally: (made: number, refused: number) => `Изготовлено ${made}, отклонено ${refused}.`,
  officeSilent: "Офис не отвечает, пробую снова. Карту, которая лежит на считывателе, не убирайте.",
  officeBack: "Офис снова на связи.",
  officeStranger: "Офис не знает этого рабочего места или школы: проверьте ключ и номер школы.",
  readerTrouble: (what: string) => `Считыватель недоступен (${what}). Нужна служба pcscd и подключённый считыватель PC/SC.`,
};

export type Words = typeof RUSSIAN;

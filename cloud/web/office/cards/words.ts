/** The words of card issue in the reader's language. */
import type { Visit } from "../route.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { CardWords } from "./words.ru.js";
import { en as batchesEn } from "./words-batches.en.js";
import { ru as batchesRu } from "./words-batches.ru.js";
import type { BatchWords } from "./words-batches.ru.js";
import { en as photosEn } from "./words-photos.en.js";
import { ru as photosRu } from "./words-photos.ru.js";
import type { PhotoWords } from "./words-photos.ru.js";

export function cardWords({ reader }: Visit): CardWords {
  return reader.language === "ru" ? ru : en;
}

export function batchWords({ reader }: Visit): BatchWords {
  return reader.language === "ru" ? batchesRu : batchesEn;
}

export function photoWords({ reader }: Visit): PhotoWords {
  return reader.language === "ru" ? photosRu : photosEn;
}

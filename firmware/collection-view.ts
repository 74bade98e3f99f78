/** What the kiosk shows a collector. */
import { eachRow } from "@trapeza/protocol/chip";
import { NORMAL, SMALL } from "./board.js";
import { mustAsk, wantsTwo } from "./collection-state.js";
import type { Collection } from "./collection-state.js";
import { say } from "./say.js";
import { ACCENT, BACK, bigLine, CENTRE, FAINT, KEY, keypad, line, MAIN, RED, RIGHT, rowKey, WIDTH } from "./screen.js";
import type { Screen } from "./screen.js";
import { claimCode, formatMoney } from "./terminal.js";
import type { Common } from "./terminal.js";
import { COLLECTION, PAYMENT, SHARED } from "./words.js";

/** Two columns of piles, and the sum. */
function box(screen: Screen, common: Common, collection: Collection): void {
  const piles = collection.collected ? collection.collected.notes : collection.box;
  if (!piles) return line(screen, 1, say(common, COLLECTION.unknown), CENTRE + FAINT);
  let sum = 0;
  eachRow(piles, 0, piles.length, function ({ note, count }, i) {
    sum += note * count;
    screen.item(8 + (i % 2) * 156, 70 + Math.floor(i / 2) * 20, 144, 20, formatMoney(note) + " x " + count, SMALL + RIGHT, "");
  });
  bigLine(screen, 130, formatMoney(sum), ACCENT);
}

export function viewCollection(screen: Screen, common: Common, collection: Collection): void {
  const { phase, notice, seal, n } = collection;
  const asked =
    phase === "card"
      ? COLLECTION.tapCollector
      : phase === "seal"
        ? COLLECTION.typeSeal
        : phase === "witness"
          ? COLLECTION.tapSecond
          : phase === "cassette"
            ? COLLECTION.takeOut
            : phase === "done"
              ? COLLECTION.putIn
              : SHARED.wait;
  if (phase === "seal") {
    screen.item(
      8,
      38,
      WIDTH - 16,
      40,
      notice ? say(common, notice) : seal === "" ? say(common, asked) : seal,
      NORMAL + CENTRE + (notice ? RED : 0),
      "",
    );
    keypad(screen);
    rowKey(screen, 0, 11, "cancel", say(common, SHARED.cancel), KEY);
    rowKey(screen, 11, 10, "back", BACK, KEY);
    return rowKey(screen, 21, 11, "next", say(common, PAYMENT.next), MAIN);
  }
  line(screen, 0, say(common, notice || asked), CENTRE + (notice ? RED : 0));
  if (phase === "done") {
    // With or without a paper: this number stands in the books for the bag.
    bigLine(screen, 76, claimCode(common, n), 0);
    line(screen, 3, say(common, collection.printed ? PAYMENT.takeReceipt : SHARED.notPrinted), CENTRE + (collection.printed ? 0 : RED));
    return rowKey(screen, 0, 32, "done", say(common, SHARED.done), MAIN);
  }
  if (phase !== "card") box(screen, common, collection);
  if (phase === "saved" || phase === "printing") return;
  rowKey(screen, 0, 16, "cancel", say(common, SHARED.cancel), KEY);
  if (phase === "witness" && !wantsTwo(common)) rowKey(screen, 16, 16, "alone", say(common, COLLECTION.alone), KEY);
  if (phase === "cassette" && mustAsk(common)) rowKey(screen, 16, 16, "taken", say(common, COLLECTION.taken), MAIN);
}

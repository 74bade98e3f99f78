/** What the stories share: a small world on a Friday morning, and the words on its screens. */
import { fromHex, parseDate } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Directive } from "@trapeza/protocol";
import type { Card } from "../card.js";
import { handAt, type Hand } from "../hand.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, KIOSK, TILL, WALL, type DemoSchool } from "../school/school.js";
import { portraitIn } from "../school/portrait.js";
import { createWorld, type World } from "../world.js";

/** Friday, 20 November 2026, 08:00 in Moscow. */
export const FRIDAY_MS = Date.UTC(2026, 10, 20, 5);
export const FRIDAY = parseDate("2026-11-20") as BusinessDate;

export interface Stage {
  readonly world: World;
  readonly school: DemoSchool;
  readonly kiosk: Hand;
  readonly till: Hand;
  readonly wall: Hand;
}

/** A school of 703 with its three terminals on and connected. `more`: directives behind the school's own. `keypad`: of till and kiosk. */
export async function openStage(seed = 1, more: readonly Directive[] = [], signer?: string, keypad?: string): Promise<Stage> {
  const school = inventSchool(createRandom(24));
  const world = await createWorld({
    ...{ seed, startMs: FRIDAY_MS, schoolNumber: school.number, signer },
    portraitOf: (number) => portraitIn(school, number),
    directives: [...directivesFor(school, (FRIDAY - 40) as BusinessDate), ...more],
    terminals: [
      { id: KIOSK, kind: "payment", keypad },
      { id: TILL, kind: "settlement", keypad },
      { id: WALL, kind: "information" },
    ],
  });
  const hand = (id: number): Hand => {
    const terminal = world.terminals.get(id);
    if (!terminal) throw new Error(`there is no terminal ${id}`);
    return handAt(terminal, world.clock);
  };
  await world.run(5000);
  return { world, school, kiosk: hand(KIOSK), till: hand(TILL), wall: hand(WALL) };
}

export function cardOf(holder: { readonly uid: CardUid }, kind = "pupil"): Card {
  return { uid: fromHex(holder.uid) as Uint8Array, kind, label: holder.uid };
}

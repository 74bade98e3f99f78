/** Three terminals on the bench: the real images on imitated boards, over TCP of this machine; and the cards that lie beside them. */
import { join } from "node:path";
import { fromHex, TICKET_BLOCK, toHex } from "@trapeza/protocol";
import { cardKeys, keptCards, terminalKey } from "@trapeza/gateway";
import {
  cloneOf,
  createPacedNetwork,
  createTcpNetwork,
  createTerminal,
  KIOSK,
  loadProgram,
  memoryOf,
  openFlash,
  personalise,
  TILL,
  WALL,
} from "@trapeza/simulators";
import type { Card, Clock, DemoPupil, DemoSchool, DemoStaff, Terminal } from "@trapeza/simulators";
import { childrenOf } from "./school.js";
import type { DemoSecrets } from "./secrets.js";
import type { PeopleToTry } from "./words.en.js";

export interface TerminalSettings {
  readonly folder: string;
  readonly mqttPort: number;
  readonly school: DemoSchool;
  readonly secrets: DemoSecrets;
  readonly signer: string;
  readonly clock: Clock;
}

export function openTerminals({ folder, mqttPort, school, secrets, signer, clock }: TerminalSettings): Terminal[] {
  const network = createPacedNetwork(createTcpNetwork(), clock);
  const secret = fromHex(secrets.schoolSecret) as Uint8Array;
  const kinds = [
    [KIOSK, "payment"],
    [TILL, "settlement"],
    [WALL, "information"],
  ] as const;
  return kinds.map(([terminal, kind]) =>
    createTerminal({
      ...loadProgram(kind),
      config: {
        ...{ terminal, kind, host: "127.0.0.1", port: mqttPort, school: school.number, signer },
        key: Buffer.from(terminalKey(secret, terminal, 1)).toString("hex"),
      },
      ...{ clock, network, flash: openFlash(join(folder, `${kind}-${terminal}`)) },
    }),
  );
}

/** Surname and first name: what stands on a card. */
function cardName({ person }: { readonly person: DemoStaff["person"] }): string {
  return `${person.surname} ${person.first}`;
}

function withClass(one: DemoPupil | DemoStaff): string {
  return one.class ? `${cardName(one)}, ${one.class.name}` : cardName(one);
}

export function peopleToTry(school: DemoSchool): PeopleToTry {
  const [young, older] = childrenOf(school);
  const teacher = school.staff.find((staff) => staff.class === young.class) as DemoStaff;
  const cashier = school.staff.find((staff) => staff.role === "cashier") as DemoStaff;
  return { young: withClass(young), older: withClass(older), teacher: withClass(teacher), cashier: cardName(cashier) };
}

/**
 * Writes cards as the card desk does. They are only in this process's memory; after a restart each gets the ticket that the gateway expects of it, as if
 * it had lain in the drawer all the time.
 */
function written(cards: Card[], secrets: DemoSecrets, gatewayDir: string): Card[] {
  const keys = cardKeys(fromHex(secrets.schoolSecret) as Uint8Array);
  const expected = new Map(keptCards(gatewayDir).map((row) => [row.uid as string, row.issued]));
  return cards.map((card) => personalise(card, keys, expected.get(toHex(card.uid))));
}

const BLOCK_BYTES = 16;
/** Telephones answer a reader with another number each time; theirs begin with 08. */
const PHONE_UID = "08a1b2c3";

/** A copy of a pupil's card, another's card whose ticket nobody can read any more, a telephone and a card of nobody's. */
function oddCards([copied]: readonly Card[], spoilt: Card): Card[] {
  memoryOf(spoilt).fill(0x5a, TICKET_BLOCK * BLOCK_BYTES, (TICKET_BLOCK + 1) * BLOCK_BYTES);
  return [
    cloneOf(copied, "clone"),
    spoilt,
    { uid: fromHex(PHONE_UID) as Uint8Array, kind: "phone", label: PHONE_UID, sak: 0x20 },
    { uid: fromHex("deadbeef") as Uint8Array, kind: "stranger", label: "№ 0000" },
  ];
}

/** A drawer a technician can understand: the parent's children, their teachers and the staff first, then other pupils, what is no good last. */
export function drawer(school: DemoSchool, secrets: DemoSecrets, gatewayDir: string): Card[] {
  const children = childrenOf(school);
  const free = school.pupils.filter((pupil) => pupil.category === 2 || pupil.category === 5).slice(0, 1);
  const debtors = school.pupils.filter((pupil) => pupil.mainKopecks <= -12_000 && !children.includes(pupil)).slice(0, 2);
  const classmates = school.pupils.filter((pupil) => pupil.class === children[0].class && pupil !== children[0]).slice(0, 4);
  const teachers = school.staff.filter((staff) => children.some((child) => child.class === staff.class));
  const others = school.staff.filter((staff) => staff.class === null && staff.role !== "teacher");
  const uid = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;
  const pupilCard = (pupil: DemoPupil): Card => ({ uid: uid(pupil.uid), kind: "pupil", label: withClass(pupil) });
  const staffCard = (staff: DemoStaff): Card => ({ uid: uid(staff.uid), kind: staff.role, label: withClass(staff) });
  const own = [
    ...children.map(pupilCard),
    ...[...teachers, ...others].map(staffCard),
    ...[...classmates.slice(1), ...debtors, ...free].map(pupilCard),
  ];
  const [spoilt, ...good] = written([{ ...pupilCard(classmates[0]), kind: "torn" }, ...own], secrets, gatewayDir);
  return [...good, ...oddCards(good, spoilt)];
}

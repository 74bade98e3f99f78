/** Three terminals on the bench: the real images on imitated boards, over TCP of this machine; and the cards that lie beside them. */
import { join } from "node:path";
import { fromHex } from "@trapeza/protocol";
import { terminalKey } from "@trapeza/gateway";
import {
  createRealClock,
  createTcpNetwork,
  createTerminal,
  fullName,
  KIOSK,
  loadProgram,
  openFlash,
  TILL,
  WALL,
} from "@trapeza/simulators";
import type { Card, DemoSchool, Terminal } from "@trapeza/simulators";
import { childrenOf } from "./school.js";
import type { DemoSecrets } from "./secrets.js";

export function openTerminals(folder: string, mqttPort: number, school: DemoSchool, secrets: DemoSecrets): Terminal[] {
  const clock = createRealClock();
  const network = createTcpNetwork();
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
        ...{ terminal, kind, host: "127.0.0.1", port: mqttPort, school: school.number },
        key: Buffer.from(terminalKey(secret, terminal, 1)).toString("hex"),
      },
      ...{ clock, network, flash: openFlash(join(folder, `${kind}-${terminal}`)) },
    }),
  );
}

/** A drawer a technician can understand: the parent's children first, then one of each kind. */
export function drawer(school: DemoSchool): Card[] {
  const children = childrenOf(school);
  const free = school.pupils.filter((pupil) => pupil.category === 2 || pupil.category === 5).slice(0, 1);
  const debtors = school.pupils.filter((pupil) => pupil.mainKopecks <= -12_000 && !children.includes(pupil)).slice(0, 2);
  const classmates = school.pupils.filter((pupil) => pupil.class === children[0].class && pupil !== children[0]).slice(0, 3);
  const teachers = school.staff.filter((staff) => children.some((child) => child.class === staff.class));
  const others = school.staff.filter((staff) => staff.class === null && staff.role !== "teacher");
  const uid = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;
  return [
    ...[...children, ...classmates, ...debtors, ...free].map((pupil) => ({
      uid: uid(pupil.uid),
      kind: "pupil",
      label: `${fullName(pupil.person)}, ${pupil.class.name}`,
    })),
    ...teachers.map((staff) => ({ uid: uid(staff.uid), kind: "teacher", label: `${fullName(staff.person)}, ${staff.class?.name ?? ""}` })),
    ...others.map((staff) => ({ uid: uid(staff.uid), kind: staff.role, label: fullName(staff.person) })),
    { uid: uid("deadbeef"), kind: "stranger", label: "№ 0000" },
  ];
}

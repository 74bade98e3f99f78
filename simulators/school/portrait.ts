/**
 * Faces that belong to nobody, drawn from a seed: a passport photograph in sixteen greys, so that the till has something to show and two pupils are told
 * apart at a glance. Shapes only; no picture of a person was used.
 */
import type { Portrait } from "@trapeza/protocol";
import { createRandom, type Random } from "../random.js";
import type { DemoPupil, DemoSchool } from "./school.js";

const WIDTH = 72;
const HEIGHT = 96;

type Grey = (x: number, y: number) => number | null;

/** 1 at the rim, less inside. */
function oval(x: number, y: number, [cx, cy, rx, ry]: readonly [number, number, number, number]): number {
  return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2;
}

interface Face {
  readonly skin: number;
  readonly hair: number;
  readonly cloth: number;
  readonly ground: number;
  readonly wide: number;
  readonly long: number;
  readonly hairline: number;
  readonly locks: boolean;
  readonly glasses: boolean;
  readonly smile: number;
  readonly eyes: number;
  readonly brow: number;
}

function inventFace(random: Random, female: boolean, grade: number): Face {
  return {
    skin: random.between(11, 13),
    hair: random.between(1, 9),
    cloth: random.between(2, 12),
    ground: random.between(13, 15),
    wide: random.between(17, 21),
    // The younger, the rounder.
    long: random.between(22, 24) + Math.round(grade / 4),
    hairline: random.between(8, 14),
    locks: female && random.chance(75),
    glasses: random.chance(22),
    smile: random.between(0, 4),
    eyes: random.between(8, 10),
    brow: random.between(2, 5),
  };
}

/** From the front to the back: the first that covers a pixel gives its grey. */
function layersOf(face: Face): Grey[] {
  const { skin, hair, wide, long } = face;
  const [cx, cy] = [36, 44];
  const shade = (x: number): number => skin - Math.round(Math.abs(x - cx + 6) / 9);
  const eye = (x: number, y: number): number =>
    Math.min(oval(x, y, [cx - face.eyes, cy, 2.6, 2]), oval(x, y, [cx + face.eyes, cy, 2.6, 2]));
  const rim = (x: number, y: number): number => Math.min(oval(x, y, [cx - face.eyes, cy, 6, 5]), oval(x, y, [cx + face.eyes, cy, 6, 5]));
  const mouth = (x: number): number => cy + 14 - Math.round(((x - cx) / 7) ** 2 * face.smile);
  return [
    (x, y) => (face.glasses && rim(x, y) < 1 && rim(x, y) > 0.6 ? 1 : null),
    (x, y) => (face.glasses && y === cy && Math.abs(x - cx) < face.eyes - 5 ? 1 : null),
    (x, y) => (eye(x, y) < 1 ? 1 : null),
    (x, y) => (Math.abs(Math.abs(x - cx) - face.eyes) < 5 && Math.abs(y - (cy - 6)) < face.brow / 3 ? hair - 1 : null),
    (x, y) => (Math.abs(x - cx) < 7 && Math.abs(y - mouth(x)) < 1.2 ? 5 : null),
    (x, y) => (y > cy + 2 && y < cy + 9 && Math.abs(x - cx - 1) < 1 + (y - cy - 2) / 4 ? shade(x) - 2 : null),
    // Hair falls over the upper part of the face, and beside it.
    (x, y) =>
      oval(x, y, [cx, cy - 4, wide + 2, long + 1]) < 1 && y < cy - face.hairline - (x - cx) / 7 ? hair + (x % 3 === 0 ? 1 : 0) : null,
    (x, y) => (oval(x, y, [cx, cy, wide, long]) < 1 ? shade(x) : null),
    (x, y) => (oval(x, y, [cx, cy - 5, wide + 4, long + 2]) < 1 && y < cy + 2 ? hair + (x % 3 === 0 ? 1 : 0) : null),
    (x, y) => (face.locks && Math.abs(Math.abs(x - cx) - wide - 1) < 4 && y > cy - 12 && y < cy + 30 ? hair : null),
    (x, y) => (Math.abs(x - cx) < 8 && y > cy + 10 && y < cy + 34 ? shade(x) - 2 : null),
    (x, y) => (oval(x, y, [cx, 104, 33, 30]) < 1 ? face.cloth - Math.round(Math.abs(x - cx) / 16) : null),
    (_x, y) => face.ground - Math.round(y / 48),
  ];
}

/** The portrait of one pupil of the demonstration school, the same for ever. */
export function portraitOf(pupil: Pick<DemoPupil, "id" | "person" | "class">): Portrait {
  const face = inventFace(createRandom(7000 + pupil.id), pupil.person.female, pupil.class.grade);
  const layers = layersOf(face);
  const rows = new Uint8Array((WIDTH / 2) * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      let grey = 15;
      for (const layer of layers) {
        const found = layer(x, y);
        if (found === null) continue;
        grey = Math.min(Math.max(found, 0), 15);
        break;
      }
      rows[(y * WIDTH + x) >> 1] |= x % 2 === 0 ? grey << 4 : grey;
    }
  }
  return { width: WIDTH, height: HEIGHT, rows };
}

/** By the number of the account; `null` when nobody of this school has it. */
export function portraitIn(school: DemoSchool, number: string): Portrait | null {
  const pupil = school.pupils.find((one) => one.account === number);
  return pupil ? portraitOf(pupil) : null;
}

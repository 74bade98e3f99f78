/** The JSON that goes to partners, and comes to and from card desks. */
import { Type } from "typebox";

const whole = Type.Integer({ minimum: 0 });

export const toldSchema = Type.Object({
  school: whole,
  number: Type.Integer({ minimum: 1, description: "counts the school's transactions, without gaps" }),
  transaction: Type.String({ description: "epoch/index of the journal's entry, or the reference of what the cloud posted itself" }),
  kind: Type.String({ description: "the event's name" }),
  businessDate: Type.Integer({ description: "days since 1970-01-01" }),
  atMs: Type.Integer({ description: "Unix time in milliseconds" }),
  postings: Type.Array(
    Type.Object({
      account: Type.String(),
      amount: Type.Integer({ description: "kopecks; debit positive, credit negative; all together zero" }),
    }),
    { minItems: 2 },
  ),
});

export const callSchema = Type.Object({ type: Type.Literal("ledger.posted"), transactions: Type.Array(toldSchema) });

const deskCard = Type.Object({ application: Type.Integer(), name: Type.String(), class: Type.String(), number: Type.String() });
export const workSchema = Type.Object({
  school: Type.String(),
  batch: Type.Union([
    Type.Object({ id: Type.Integer(), chip: Type.String({ description: "mifare or ntag" }), of: whole, cards: Type.Array(deskCard) }),
    Type.Null(),
  ]),
});
export const stepSchema = Type.Object({
  batch: Type.Integer(),
  application: Type.Integer(),
  step: Type.String({ description: "asked, laid or written" }),
  uid: Type.String({ description: "hex; empty while no card lies there" }),
});
export const madeSchema = Type.Object({ application: Type.Integer(), uid: Type.String({ description: "hex" }) });
export const refusedSchema = Type.Object({ application: Type.Integer(), uid: Type.String(), refusal: Type.Integer() });
export const cameSchema = Type.Object({ came: Type.String() });
export const pieceSchema = Type.Object({ version: Type.Optional(Type.String()), html: Type.Union([Type.String(), Type.Null()]) });

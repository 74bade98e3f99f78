/** The JSON that goes to partners, and comes to and from card desks: JSON Schema as OpenAPI 3.1 takes it. */

export interface Schema {
  readonly [keyword: string]: unknown;
}

/** Every property is there, unless it is named among `optional`. */
function object(properties: { readonly [name: string]: Schema }, optional: readonly string[] = []): Schema {
  return { type: "object", required: Object.keys(properties).filter((name) => !optional.includes(name)), properties };
}

const text = (description?: string): Schema => ({ type: "string", ...(description !== undefined && { description }) });
const integer = (more: Schema = {}): Schema => ({ type: "integer", ...more });
const list = (items: Schema, more: Schema = {}): Schema => ({ type: "array", items, ...more });
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });

const whole = integer({ minimum: 0 });

export const toldSchema = object({
  school: whole,
  number: integer({ minimum: 1, description: "counts the school's transactions, without gaps" }),
  transaction: text("epoch/index of the journal's entry, or the reference of what the cloud posted itself"),
  kind: text("the event's name"),
  businessDate: integer({ description: "days since 1970-01-01" }),
  atMs: integer({ description: "Unix time in milliseconds" }),
  postings: list(
    object({
      account: text(),
      amount: integer({ description: "kopecks; debit positive, credit negative; all together zero" }),
    }),
    { minItems: 2 },
  ),
});

export const callSchema = object({ type: { type: "string", const: "ledger.posted" }, transactions: list(toldSchema) });

const deskCard = object({ application: integer(), name: text(), class: text(), number: text() });
export const workSchema = object({
  school: text(),
  batch: orNull(object({ id: integer(), chip: text("mifare or ntag"), of: whole, cards: list(deskCard) })),
});
export const stepSchema = object({
  batch: integer(),
  application: integer(),
  step: text("asked, laid or written"),
  uid: text("hex; empty while no card lies there"),
});
export const madeSchema = object({ application: integer(), uid: text("hex") });
export const refusedSchema = object({ application: integer(), uid: text(), refusal: integer() });
export const cameSchema = object({ came: text() });
export const pieceSchema = object({ version: text(), html: orNull(text()) }, ["version"]);

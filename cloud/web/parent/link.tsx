/** Adding a child's account by what its receipts say, or by what the till has printed. */
import { Field, Form } from "../form.js";
import type { Filled } from "../form.js";
import { useReader } from "../reader-context.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

export function LinkPage({ guardian, byPayment, byCode }: { guardian: string; byPayment: Filled; byCode: Filled }) {
  const { account } = parentWords(useReader().language);
  const say = account.link;
  const number = { name: "number", label: account.restore.number, hint: account.restore.numberHint, most: 20 };
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <section class="door">
        <h2>{say.byCode}</h2>
        <Form action="/link/code" label={say.byCode}>
          <Field form={byCode} {...number} inputmode="numeric" />
          <Field {...{ form: byCode, name: "code", label: account.restore.code, hint: say.codeHint, most: 20 }} inputmode="numeric" />
          <button class="main">{say.submit}</button>
        </Form>
      </section>
      <section class="door">
        <h2>{say.byPayment}</h2>
        <Form action="/link/payment" label={say.byPayment}>
          <Field form={byPayment} {...number} name="paidNumber" inputmode="numeric" />
          <Field {...{ form: byPayment, name: "date", label: say.date, type: "date" }} />
          <Field
            {...{ form: byPayment, name: "amount", label: say.amount, hint: say.amountHint, most: 14, unit: "₽" }}
            inputmode="decimal"
          />
          <button class="main">{say.submit}</button>
        </Form>
      </section>
    </ParentSheet>
  );
}

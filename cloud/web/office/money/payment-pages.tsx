/** What has been paid for a school's pupils: on its way and in the purses, apart; for the dispatcher, who may admit a child on what is on its way. */
import type { School } from "@trapeza/protocol";
import { may } from "../../../office/roles.js";
import { sharesOf } from "../../../payments/order.js";
import type { Order, Share } from "../../../payments/order.js";
import { admissible, admitOn } from "../../../settlement/admission.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Form } from "../../form.js";
import { Money, Note } from "../../parts.js";
import { DataTable } from "../parts.js";
import type { Column } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { moneyWords } from "./words.js";

const LATEST = 200;

interface Row {
  readonly order: Order;
  readonly share: Share;
}

async function paymentsPage(visit: Visit): Promise<Answer> {
  const { office, school, actor } = visit;
  const words = moneyWords(visit);
  const { payments } = office.cloud;
  const told = (await office.told(school)).school;
  const rowsOf = (orders: readonly Order[]): Row[] =>
    orders.flatMap((order) => sharesOf(order).flatMap((share) => (share.school === school ? [{ order, share }] : [])));
  const pending = rowsOf(await payments.pendingIn(school));
  const past = rowsOf((await office.cloud.store.payments.paidIn(school, LATEST)).filter(({ state }) => state !== "authorised"));
  const columns = columnsFor(visit, told);
  return show(
    <OfficeSheet visit={visit} title={words.payments}>
      <h2>{words.pending}</h2>
      {pending.length > 0 && <Note tone="calm">{words.pendingLead}</Note>}
      <DataTable
        caption={words.pending}
        rows={pending}
        empty={words.noPending}
        columns={[
          ...columns,
          { head: words.state, cell: (row) => <Pending {...{ ...row, visit, told, mayAdmit: may(actor.role, "payments.admit") }} /> },
        ]}
      />
      <h2>{words.credited}</h2>
      <DataTable
        caption={words.credited}
        rows={past}
        empty={words.noCredited}
        columns={[...columns, { head: words.state, cell: ({ order }) => words.states[order.state as keyof typeof words.states] }]}
      />
    </OfficeSheet>,
  );
}

function columnsFor(visit: Visit, told: School): Column<Row>[] {
  const words = moneyWords(visit);
  const when = (atMs: number) => {
    const { date, clock } = localMoment(atMs, told.policy.zoneMinutes);
    return dateDigits(date) + " " + clock;
  };
  return [
    { head: words.when, cell: ({ order }) => when(order.createdMs), figure: true },
    { head: words.child, cell: ({ share }) => told.accounts.get(share.account)?.name ?? "" },
    { head: words.class, cell: ({ share }) => told.classes.get(told.accounts.get(share.account)?.class ?? -1)?.name ?? "" },
    { head: words.account, cell: ({ share }) => told.accounts.get(share.account)?.number ?? "", figure: true },
    { head: words.main, cell: ({ share }) => (share.main === 0 ? "" : <Money amount={share.main} />), figure: true },
    { head: words.additional, cell: ({ share }) => (share.additional === 0 ? "" : <Money amount={share.additional} />), figure: true },
    { head: words.way, cell: ({ order }) => words.ways[order.way] },
    { head: words.order, cell: ({ order }) => order.number, figure: true },
  ];
}

function Pending({ visit, order, share, told, mayAdmit }: Row & { visit: Visit; told: School; mayAdmit: boolean }) {
  const words = moneyWords(visit);
  if (order.sent) return <>{words.sent}</>;
  if (!admissible(order, share, told)) return <>{words.admitted}</>;
  if (!mayAdmit) return <>{words.waiting}</>;
  return (
    <Form action={"/office/" + visit.school + "/payments/admit"}>
      {words.waiting} <input type="hidden" name="reference" value={share.reference} />
      <button class="quiet">{words.admit}</button>
    </Form>
  );
}

async function admit(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = moneyWords(visit);
  const done = await admitOn(office, { login: actor.login, school }, typed.reference ?? "");
  return go("/office/" + school + "/payments", done ? words.admitDone : words.admitGone);
}

export const PAYMENT_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/payments", permission: "payments.read", answer: paymentsPage },
  { method: "POST", path: "/office/:school/payments/admit", permission: "payments.admit", answer: admit },
];

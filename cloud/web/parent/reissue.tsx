/** A family orders another card in the place of one that is lost or broken, pays for it, and sees how far it is. */
import type { Kopecks, Purse } from "@trapeza/protocol";
import { FAMILY_CAUSES, askForCard, reissueOf } from "../../office/cards/reissue.js";
import type { Reissue } from "../../office/cards/reissue.js";
import type { Office } from "../../office/office.js";
import { dateWords } from "../date-text.js";
import { Choice, EMPTY, Form, typedIn } from "../form.js";
import type { Filled } from "../form.js";
import { sendPage } from "../layout.js";
import { moneyText } from "../money-text.js";
import { Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import { childCard } from "./child-card.js";
import { ChildHead, pathOf } from "./child-head.js";
import type { KnownChild } from "./child-head.js";
import { childOf, forGuardian } from "./pages.js";
import type { Pages } from "./pages.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";
import type { ReissueWords } from "./words-reissue.ru.js";

const PURSES: readonly Purse[] = ["main", "additional"];

interface ReissueProps {
  readonly guardian: string;
  readonly card: KnownChild;
  readonly found: Reissue | null;
  readonly fee: Kopecks;
  readonly form: Filled;
}

function ReissuePage(props: ReissueProps) {
  const { guardian, card, found } = props;
  const say = parentWords(useReader().language).reissue;
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <ChildHead card={card} at="limits" />
      <h2>{found ? say.underWay : say.title}</h2>
      {found ? <UnderWay {...found} /> : <Order {...props} />}
    </ParentSheet>
  );
}

function UnderWay({ application, fee }: Reissue) {
  const { language } = useReader();
  const say = parentWords(language).reissue;
  return (
    <>
      <p>
        {say.states[application.state]}
        <span class="say">{say.since(dateWords(application.receivedOn, language))}</span>
      </p>
      {application.reason !== null && <Note tone="warning">{application.reason}</Note>}
      {application.kind === "again" && <Note tone={fee === "paid" ? "good" : fee === "waits" ? "calm" : "warning"}>{say.fees[fee]}</Note>}
      <p class="faint">{say.bring}</p>
    </>
  );
}

function Order({ card, fee, form }: ReissueProps) {
  const say = parentWords(useReader().language).reissue;
  const ways = PURSES.filter((purse) => card[purse] >= fee).map((purse) => ({
    value: purse,
    name: say.purse[purse](moneyText(card[purse])),
  }));
  return (
    <>
      <p class="lead">{say.lead}</p>
      <Form action={pathOf(card) + "/card"} label={say.title}>
        <input type="hidden" name="fee" value={fee} />
        <Choice
          {...{ form, name: "cause", label: say.cause }}
          options={FAMILY_CAUSES.map((cause) => ({ value: cause, name: say.causes[cause] }))}
        />
        {fee === 0 ? (
          <p>{say.noFee}</p>
        ) : (
          <>
            <dl class="facts">
              <dt>{say.fee}</dt>
              <dd>
                <b>{moneyText(fee)}</b>
              </dd>
            </dl>
            <Choice
              {...{ form, name: "purse", label: say.from, value: "later" }}
              options={[...ways, { value: "later", name: say.later }]}
            />
          </>
        )}
        <p class="faint">{say.bring}</p>
        <button class="main">{say.submit}</button>
      </Form>
    </>
  );
}

/** Only for whose child it is: the card is handed out to a legal representative. */
export function serveReissue(pages: Pages, office: Office): void {
  const { app, cloud, readers } = pages;
  type Asked = { props: ReissueProps; phone: string; body: unknown; say: ReissueWords };
  type Answer = (asked: Asked, show: (form: Filled, status: number) => unknown) => Promise<unknown>;
  const forOwn = (answer: Answer) =>
    forGuardian(pages, async (request, reply, guardian) => {
      const sight = await childOf(pages, request, guardian, ["own"]);
      const card = sight && (await childCard(cloud, sight));
      if (card?.kind !== "known") return reply.callNotFound();
      const found = await reissueOf(office, card.school, card.account);
      const { school } = await office.told(card.school);
      const props = { guardian: guardian.name, card, found, fee: school.reissueFee, form: EMPTY };
      const show = (form: Filled, status: number) =>
        sendPage(reply.code(status), readers.of(request, reply), <ReissuePage {...props} form={form} />);
      const say = parentWords(readers.of(request, reply).language).reissue;
      const done = await answer({ props, phone: guardian.phone, body: request.body, say }, show);
      if (done !== null) return done;
      readers.say(reply, say.received, true);
      return reply.redirect(pathOf(card) + "/card", 303);
    });
  app.get(
    "/children/:school/:account/card",
    forOwn(async (_, show) => show(EMPTY, 200)),
  );
  app.post(
    "/children/:school/:account/card",
    forOwn(async ({ props, phone, body, say }, show) => {
      const values = typedIn(body);
      const cause = FAMILY_CAUSES.find((one) => one === values.cause);
      const again = (field: string, trouble: keyof ReissueWords["trouble"]) =>
        show({ values, troubles: { [field]: say.trouble[trouble] } }, 400);
      if (cause === undefined) return again("cause", "cause");
      const contact = await cloud.store.people.contact(phone);
      const asked = await askForCard(office, props.card, {
        ...{ cause, purse: PURSES.find((one) => one === values.purse) ?? null, fee: Number(values.fee) as Kopecks },
        ...{ applicant: props.guardian, phone, mail: contact?.email ?? "" },
      });
      if (asked === "received") return null;
      return asked === null ? show(EMPTY, 404) : again(asked === "open" ? "cause" : "purse", asked);
    }),
  );
}

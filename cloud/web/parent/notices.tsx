/** What a guardian is told of, by which way: one table of ticks, the sum that counts as low, the night, and this device. */
import { NOTICE_KINDS } from "../../notices/notice.js";
import type { Channel, NoticeKind } from "../../notices/notice.js";
import type { NoticeWishes } from "../../notices/store.js";
import { Field, Form, Tick } from "../form.js";
import type { Filled } from "../form.js";
import { Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import { amountText } from "./basket.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

export interface NoticesProps {
  readonly guardian: string;
  readonly wishes: NoticeWishes;
  readonly hasMail: boolean;
  readonly devices: number;
  /** What a browser needs to subscribe with us and nobody else. */
  readonly pushKey: string;
  readonly form: Filled;
}

/** The field of one tick. */
export const tickOf = (kind: NoticeKind, channel: Channel) => channel + "-" + kind;

export function NoticesPage(props: NoticesProps) {
  const { guardian, wishes, hasMail, form } = props;
  const say = parentWords(useReader().language).notices;
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      {!hasMail && (
        <Note tone="calm">
          {say.noMail} <a href="/profile">{say.toProfile}</a>
        </Note>
      )}
      <Form action="/notices" label={say.title}>
        <table class="table kinds">
          <thead>
            <tr>
              <th scope="col">{say.kind}</th>
              <th scope="col">{say.mail}</th>
              <th scope="col">{say.push}</th>
            </tr>
          </thead>
          <tbody>
            {NOTICE_KINDS.map((kind) => (
              <tr>
                <th scope="row">{say.kinds[kind]}</th>
                {(["mail", "push"] as const).map((channel) => (
                  <td>
                    <input
                      type="checkbox"
                      name={tickOf(kind, channel)}
                      value="1"
                      checked={wishes[channel].includes(kind)}
                      aria-label={say.cell(say.kinds[kind], say[channel])}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <Field {...{ form, name: "low", label: say.low, unit: "₽", inputmode: "decimal", value: amountText(wishes.lowKopecks) }} />
        <Tick name="quiet" label={say.quiet} checked={wishes.quietNights} />
        <p>
          <button class="main">{say.save}</button>
        </p>
      </Form>
      <ThisDevice {...props} />
    </ParentSheet>
  );
}

function ThisDevice({ devices, pushKey }: NoticesProps) {
  const say = parentWords(useReader().language).notices;
  return (
    <section>
      <h2>{say.device}</h2>
      <p class="faint">{say.deviceLead}</p>
      <p class="faint" data-push-needs>
        {say.deviceNeeds}
      </p>
      <div data-push={pushKey} hidden>
        <Form action="/notices/device">
          <input type="hidden" name="endpoint" />
          <input type="hidden" name="p256dh" />
          <input type="hidden" name="auth" />
          <button>{say.deviceOn}</button>
        </Form>
      </div>
      {devices > 0 && (
        <Form action="/notices/off">
          <p>{say.devices(devices)}</p>
          <button class="quiet">{say.devicesOff}</button>
        </Form>
      )}
    </section>
  );
}

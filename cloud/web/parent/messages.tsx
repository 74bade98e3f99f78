/** What would have been sent, for whoever tries the system out on their own machine. */
import type { Pinboard } from "../../people/messenger.js";
import { Sheet, sendPage } from "../layout.js";
import { useReader } from "../reader-context.js";
import type { Pages } from "./pages.js";
import { parentWords } from "./words.js";

export function serveMessages({ app, readers }: Pages, pinboard: Pinboard): void {
  app.get("/messages/sent", async (request, reply) =>
    sendPage(reply, readers.of(request, reply), <SentPage messages={pinboard.messages()} />),
  );
}

function SentPage({ messages }: { messages: ReturnType<Pinboard["messages"]> }) {
  const say = parentWords(useReader().language).account.messages;
  return (
    <Sheet title={say.title}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      {messages.length === 0 && <p class="empty">{say.empty}</p>}
      {messages.map(({ to, subject, text, attachments = [] }) => (
        <article class="sent">
          <p class="faint">{to}</p>
          {subject && <h2>{subject}</h2>}
          <p class="letter">{linked(text)}</p>
          {attachments.length > 0 && <p class="faint">{attachments.map(({ name }) => name).join(", ")}</p>}
        </article>
      ))}
    </Sheet>
  );
}

/** Addresses in a letter can be pressed. */
function linked(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part, i) => (i % 2 === 1 ? <a href={part}>{part}</a> : part));
}

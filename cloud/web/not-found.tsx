import { Sheet } from "./layout.js";
import { useReader } from "./reader-context.js";

/** Says the same to who may not see a page and to who asks for one that is not there. */
export function NotFoundPage() {
  const { notFound } = useReader().words;
  return (
    <Sheet title={notFound.title}>
      <h1>{notFound.title}</h1>
      <p>{notFound.lead}</p>
      <p>
        <a href="/">{notFound.home}</a>
      </p>
    </Sheet>
  );
}

/** A form that was opened before somebody logged in, in another browser, or by somebody else's page. */
export function OldFormPage() {
  const { words, here } = useReader();
  const { old } = words.form;
  return (
    <Sheet title={old.title}>
      <h1>{old.title}</h1>
      <p>{old.lead}</p>
      <p>
        <a href={here}>{old.again}</a>
      </p>
    </Sheet>
  );
}

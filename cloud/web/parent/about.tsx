/** About the service, for everybody: its rules in short, and, for a family, who is who at the child's school, what meals cost there, and its news. */
import { tariffOn } from "@trapeza/protocol";
import type { BusinessDate, School } from "@trapeza/protocol";
import { sendPage } from "../layout.js";
import { Money } from "../parts.js";
import { useReader } from "../reader-context.js";
import { guardianOf } from "./pages.js";
import type { Pages } from "./pages.js";
import { OpenSheet } from "./sheet.js";
import { todayOf } from "./wishes.js";
import { parentWords } from "./words.js";

interface Party {
  readonly name: string;
  readonly cooks: boolean;
  readonly sells: boolean;
}

interface Price {
  readonly meal: string;
  readonly category: string;
  readonly share: number;
  readonly subsidy: number;
}

export interface SchoolAbout {
  readonly name: string;
  readonly address: string | null;
  readonly operator: string;
  readonly phone: string;
  readonly caterers: readonly Party[];
  readonly prices: readonly Price[];
}

export function serveAbout(pages: Pages): void {
  const { app, cloud, readers, offerUrl } = pages;
  app.get("/about", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    const ids = new Set(guardian ? (await cloud.store.people.sights(guardian.phone)).map(({ school }) => school) : []);
    const books = await Promise.all([...ids].map((school) => cloud.library.book(school)));
    const schools = books.map(({ state }) => schoolAbout(state, todayOf(state, cloud.now())));
    return sendPage(reply, readers.of(request, reply), <AboutPage guardian={guardian?.name ?? null} {...{ schools, offerUrl }} />);
  });
}

/** Who works there and what is asked for meals on a day, by the school's own state. */
export function schoolAbout(school: School, date: BusinessDate): SchoolAbout {
  const { name, address, operator, claimPhone: phone } = school.policy;
  const prices = [...school.meals.values()].flatMap((meal) =>
    [...school.categories.values()].flatMap((category) => {
      const tariff = tariffOn(school, meal.id, category.id, date);
      if (!tariff) return [];
      const { share, subsidy, caterer } = tariff;
      return [{ meal: meal.name, category: category.name, share, subsidy, caterer }];
    }),
  );
  const cooking = new Set(prices.map(({ caterer }) => caterer));
  const selling = new Set(
    [...school.dishes.values()].flatMap((versions) => versions.filter(({ offered }) => offered).map((dish) => dish.caterer)),
  );
  const caterers = [...school.caterers.values()].map(({ id, name: called }) => ({
    name: called,
    cooks: cooking.has(id),
    sells: selling.has(id),
  }));
  return { name, address, operator, phone, caterers: caterers.filter(({ cooks, sells }) => cooks || sells), prices };
}

interface AboutProps {
  readonly guardian: string | null;
  readonly schools: readonly SchoolAbout[];
  readonly offerUrl: string | null;
}

function AboutPage({ guardian, schools, offerUrl }: AboutProps) {
  const say = parentWords(useReader().language).about;
  return (
    <OpenSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      {schools.map((school) => (
        <SchoolPart {...school} />
      ))}
      {guardian !== null && (
        <p>
          <a href="/">{say.news}</a>
        </p>
      )}
      <section>
        <h2>{say.rules}</h2>
        <ul>
          {say.rulesInShort.map((rule) => (
            <li>{rule}</li>
          ))}
        </ul>
        {offerUrl !== null && (
          <p>
            <a href={offerUrl}>{say.offer}</a>
          </p>
        )}
      </section>
      <section>
        <h2>{say.data}</h2>
        {say.dataInShort.map((line) => (
          <p>{line}</p>
        ))}
      </section>
      <p>
        <a href="/help">{say.help}</a> · <a href="/audit">{say.audit}</a>
      </p>
    </OpenSheet>
  );
}

function SchoolPart({ name, address, operator, phone, caterers, prices }: SchoolAbout) {
  const say = parentWords(useReader().language).about;
  return (
    <section>
      <h2>{name}</h2>
      {address !== null && <p class="faint">{address}</p>}
      <dl class="facts">
        <dt>{say.operator}</dt>
        <dd>
          {operator}
          {phone && (
            <span class="say">
              <a href={"tel:" + phone.replace(/[^+0-9]/g, "")}>{phone}</a>
            </span>
          )}
        </dd>
        {caterers.map((one) => (
          <>
            <dt>{one.cooks && one.sells ? say.both : one.cooks ? say.cooks : say.sells}</dt>
            <dd>{one.name}</dd>
          </>
        ))}
      </dl>
      {prices.length > 0 && (
        <table class="table">
          <caption>{say.prices}</caption>
          <thead>
            <tr>
              <th scope="col">{say.meal}</th>
              <th scope="col" class="number">
                {say.share}
              </th>
              <th scope="col" class="number">
                {say.subsidy}
              </th>
            </tr>
          </thead>
          <tbody>
            {prices.map(({ meal, category, share, subsidy }) => (
              <tr>
                <th scope="row">
                  {meal}
                  <span class="say">{category}</span>
                </th>
                <td class="number">
                  <Money amount={share} />
                </td>
                <td class="number">
                  <Money amount={subsidy} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

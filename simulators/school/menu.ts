/**
 * What the canteen of the demonstration school cooks: a buffet, and a cycle of two weeks for breakfast and lunch. Prices in kopecks.
 */
export interface BuffetDish {
  /** Two digits that a cashier learns by heart. */
  readonly code: number;
  readonly name: string;
  readonly priceKopecks: number;
  readonly group: string;
  readonly allergens: readonly string[];
}

export const BUFFET_GROUPS = ["Выпечка", "Горячее", "Гарнир", "Салаты", "Напитки", "Фрукты"] as const;

const dish = (
  code: number,
  name: string,
  priceKopecks: number,
  group: (typeof BUFFET_GROUPS)[number],
  ...allergens: string[]
): BuffetDish => ({
  code,
  name,
  priceKopecks,
  group,
  allergens,
});

export const BUFFET: readonly BuffetDish[] = [
  dish(11, "Пицца 125 г", 3450, "Выпечка", "глютен", "молоко"),
  dish(12, "Булочка ванильная с изюмом 110 г", 1650, "Выпечка", "глютен", "молоко", "яйца"),
  dish(13, "Пирожок с картофелем 75 г", 1400, "Выпечка", "глютен"),
  dish(14, "Сосиска в тесте 100 г", 3200, "Выпечка", "глютен"),
  dish(15, "Ватрушка с творогом 90 г", 2400, "Выпечка", "глютен", "молоко", "яйца"),
  dish(16, "Сочник 80 г", 2250, "Выпечка", "глютен", "молоко", "яйца"),
  dish(21, "Котлета рубленая из филе курицы 100 г", 2385, "Горячее", "глютен", "яйца"),
  dish(22, "Сосиска отварная 50 г", 1454, "Горячее"),
  dish(23, "Рыба, запечённая с овощами 100 г", 4180, "Горячее", "рыба"),
  dish(24, "Тефтели в соусе 110 г", 3620, "Горячее", "глютен"),
  dish(25, "Суп куриный с лапшой 250 г", 2140, "Горячее", "глютен", "яйца"),
  dish(26, "Борщ со сметаной 250 г", 2310, "Горячее", "молоко"),
  dish(31, "Каша гречневая рассыпчатая 150 г", 830, "Гарнир"),
  dish(32, "Макароны отварные 150 г", 473, "Гарнир", "глютен"),
  dish(33, "Рис отварной 150 г", 713, "Гарнир"),
  dish(34, "Картофельное пюре 150 г", 1520, "Гарнир", "молоко"),
  dish(41, "Салат из белокочанной капусты 100 г", 543, "Салаты"),
  dish(42, "Салат из квашеной капусты 100 г", 1005, "Салаты"),
  dish(43, "Винегрет 100 г", 1180, "Салаты"),
  dish(44, "Салат из моркови с яблоком 100 г", 960, "Салаты"),
  dish(51, "Сок в ассортименте 200 г", 1320, "Напитки"),
  dish(52, "Чай с сахаром 200 г", 420, "Напитки"),
  dish(53, "Компот из сухофруктов 200 г", 780, "Напитки"),
  dish(54, "Какао с молоком 200 г", 1640, "Напитки", "молоко"),
  dish(55, "Вода питьевая 500 мл", 2500, "Напитки"),
  dish(61, "Яблоко 150 г", 1800, "Фрукты"),
  dish(62, "Банан 180 г", 2700, "Фрукты"),
  dish(63, "Груша 160 г", 2900, "Фрукты"),
];

/** What stands on the plate of an organised meal on one day of the cycle. */
export interface MealDay {
  readonly breakfast: readonly string[];
  readonly lunch: readonly string[];
}

const day = (breakfast: string, lunch: string): MealDay => ({ breakfast: breakfast.split("; "), lunch: lunch.split("; ") });

/** Ten school days: Monday of the first week to Friday of the second. */
export const TWO_WEEKS: readonly MealDay[] = [
  day(
    "Каша овсяная молочная; Бутерброд с сыром; Какао; Яблоко",
    "Огурец свежий; Суп гороховый с гренками; Плов с курицей; Компот из сухофруктов; Хлеб",
  ),
  day("Омлет натуральный; Зелёный горошек; Чай с лимоном; Батон", "Салат из свёклы; Рассольник; Котлета мясная; Макароны; Сок; Хлеб"),
  day(
    "Запеканка творожная со сгущённым молоком; Чай; Груша",
    "Винегрет; Суп с фрикадельками; Рыба тушёная; Пюре; Напиток из шиповника; Хлеб",
  ),
  day("Каша пшённая с тыквой; Бутерброд с маслом; Какао", "Салат из капусты; Борщ; Гуляш; Гречка; Компот из яблок; Хлеб"),
  day("Блинчики с повидлом; Йогурт; Чай; Банан", "Помидор; Суп-лапша куриная; Голубцы ленивые; Кисель; Хлеб"),
  day("Каша рисовая молочная; Бутерброд с сыром; Чай с молоком; Яблоко", "Салат из моркови; Щи; Тефтели; Рис; Сок; Хлеб"),
  day("Макароны с сыром; Какао; Батон; Груша", "Огурец; Суп рыбный; Жаркое по-домашнему; Компот из сухофруктов; Хлеб"),
  day("Сырники со сметаной; Чай с лимоном; Яблоко", "Салат витаминный; Свекольник; Птица тушёная; Гречка; Напиток из шиповника; Хлеб"),
  day("Каша гречневая молочная; Бутерброд с джемом; Какао", "Винегрет; Суп картофельный с клёцками; Биточки рыбные; Пюре; Кисель; Хлеб"),
  day("Омлет с сыром; Кукуруза; Чай; Банан", "Помидор; Суп гороховый; Печень по-строгановски; Макароны; Сок; Хлеб"),
];

/** Categories of pupils and what a meal costs them. `shareKopecks` is the parents' part; the programme pays the rest. */
export interface CategoryTariff {
  readonly id: number;
  readonly name: string;
  readonly breakfast: { readonly shareKopecks: number; readonly subsidyKopecks: number };
  readonly lunch: { readonly shareKopecks: number; readonly subsidyKopecks: number };
  readonly program: string;
}

const tariff = (id: number, name: string, breakfast: [number, number], lunch: [number, number], program: string): CategoryTariff => ({
  id,
  name,
  breakfast: { shareKopecks: breakfast[0], subsidyKopecks: breakfast[1] },
  lunch: { shareKopecks: lunch[0], subsidyKopecks: lunch[1] },
  program,
});

export const CATEGORIES: readonly CategoryTariff[] = [
  tariff(1, "1–4 кл., род. плата + дотация", [4961, 2500], [9852, 3148], "budget-1-4"),
  tariff(2, "1–4 кл., бесплатно (ОВЗ)", [0, 7461], [0, 13000], "budget-ovz"),
  tariff(3, "5–11 кл., полная стоимость", [8640, 0], [14850, 0], "none"),
  tariff(4, "5–11 кл., многодетные (50 %)", [4320, 4320], [7425, 7425], "budget-large-family"),
  tariff(5, "5–11 кл., бесплатно (ОВЗ)", [0, 8640], [0, 14850], "budget-ovz"),
];

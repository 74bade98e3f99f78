/** How the columns of a school's list are headed. Compared in small letters, ё as е, without anything but letters and digits. */
export const HEADINGS = {
  class: ["класс", "группа", "class"],
  fullName: ["фио", "фиообучающегося", "фиоученика", "фамилияимяотчество", "ученик", "обучающийся", "name"],
  surname: ["фамилия", "surname"],
  given: ["имя", "givenname"],
  patronymic: ["отчество", "patronymic"],
  born: ["датарождения", "др", "рождение", "born"],
  account: ["лицевойсчет", "номерлицевогосчета", "счет", "лс", "account"],
  category: ["категория", "льгота", "категорияпитания", "category"],
  guardian: ["родитель", "фиородителя", "законныйпредставитель", "мать", "guardian"],
  phone: ["телефон", "телефонродителя", "мобильныйтелефон", "телефонматери", "phone"],
  guardian2: ["родитель2", "фиородителя2", "отец", "guardian2"],
  phone2: ["телефон2", "телефонродителя2", "телефонотца", "phone2"],
} as const;

/** Latin letters that are typed for Russian ones, and the Russian ones in the same order. */
export const LATIN_TWINS = "ABCEHKMOPTXY";
export const RUSSIAN_TWINS = "АВСЕНКМОРТХУ";

/** ё is written as е by most keyboards and half of the documents. */
export function withoutYo(text: string): string {
  return text.replaceAll("ё", "е");
}

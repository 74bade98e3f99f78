import type { DemoWords } from "./words.en.js";

/** То, что демонстрация говорит в терминале, по-русски. */
export const RUSSIAN: DemoWords = {
  starting: "Трапеза: школа на 30 классов и 703 ученика на этой машине.",
  cloud: "облако",
  school: "школа",
  gateway: "шлюз",
  bench: "стенд",
  directives: (done, all) => `школа узнаёт учеников, карты и меню: ${done} из ${all}`,
  kept: (folder) => `школа такая, какой вы её оставили (${folder}); «npm start -- --fresh» начнёт заново`,
  ready: (addresses, door, people, folder) => `
  Стенд техника        ${addresses.bench}
  Страница родителя    ${addresses.parent}   телефон ${door.phone}   пароль ${door.password}
  Ещё один родитель    ${addresses.parent}/register   телефон +7 900 000-00-25; коды и письма: ${addresses.parent}/messages/sent
  Бэк-офис             ${addresses.parent}/office   логин operator (или cards, teacher, dispatcher, caterer, accountant, auditor),
                       тот же пароль; код второго фактора: npm run tool -- staff code --data ${folder}
  Шлюз школы           ${addresses.status}   тот же пароль

  Три вещи, которые стоит попробовать. Откройте стенд; щелчок по терминалу выбирает его, щелчок по карте прикладывает её на секунду.

  1. Терминал оплаты: карта «${people.older}», «Дополнительный», купюра 500, «Готово».
     Выйдет чек: сначала гасится долг, остальное зачисляется на счёт.
  2. Терминал расчётов: карта «${people.cashier}» откроет смену; «Код», 1 1 5 1, «Готово»;
     карта «${people.young}», «Подтвердить». Пицца и сок оплачены, выйдет чек.
  3. Информационный терминал: карта «${people.teacher}» покажет класс; снимите отметки с болеющих, «Подтвердить».
     Теперь откройте страницу родителя: через несколько секунд там есть всё.

  Новая программа для кассы, волнами:
     npm run tool -- release make --kind settlement --key ${folder}/release-key.json --to ${folder}/gateway/releases
     npm run tool -- wave start --program settlement --gateway ${folder}/gateway

  Выключите терминалу питание или сеть посреди дела: ничего не пропадёт.
  Ctrl-C останавливает всё; что случилось, сохраняется.`,
  gatewayGone: "шлюз неожиданно завершился; он запущен снова и продолжает со своего журнала",
  stopping: "останавливаюсь …",
  staffNames: {
    cards: "Орлова Вера Павловна",
    teacher: "Белова Анна Сергеевна",
    dispatcher: "Титова Ольга Ивановна",
    cashier: "Сомова Нина Петровна",
    caterer: "Гусев Пётр Андреевич",
    accountant: "Лаптева Елена Юрьевна",
    operator: "Крылов Олег Дмитриевич",
    technician: "Жуков Илья Романович",
    auditor: "Седова Ирина Львовна",
  },
  mother: (surname) => `${surname} Ирина Олеговна`,
  stopped: (folder) => `остановлено; школа хранится в ${folder}`,
  alreadyRunning: (folder, at) =>
    `На данных в ${folder} уже работает школа` +
    (at ? `: стенд ${at.bench}, страница родителя ${at.parent}.` : ".") +
    " Сначала остановите её или выберите другую папку: «npm start -- --data <папка>».",
  badPort: (setting, value) => `${setting}: «${value}»; нужен порт от 0 до 65535, 0 берёт любой свободный`,
  portTaken: (setting, value) => `${setting}: «${value}»; нужен порт, который ещё никем не занят, или 0 для любого свободного`,
  databaseTaken: "DATABASE_URL указывает на базу, которая уже знает школу; чтобы начать заново, нужна пустая",
};

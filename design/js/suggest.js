// Schools suggested below a plain field while somebody types. The field, its form and «Найти» work without this.
//
//   <div data-suggest="ADDRESS" data-params="pupils=1" data-region="ID of a select" data-choose="ID of a form"> field </div>
//
// A chosen school is put into the field `school` of the form named by data-choose, which is then sent; without such a
// form the address data-open + ОГРН is opened. Pattern: WAI-ARIA combobox with a list, no completion in the field.
const PAUSE = 160; // ms after the last key
const LEAST = 2; // characters

class Suggest {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input");
    this.kept = new Map();
    this.active = -1;
    this.options = [];
    this.build();
    this.listen();
  }

  build() {
    const { input } = this;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${input.id}-list`, className: "suggest__list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Подходящие школы");
    this.said = document.createElement("p");
    this.said.className = "govuk-visually-hidden";
    this.said.setAttribute("role", "status");
    this.root.classList.add("suggest");
    input.after(this.list, this.said);
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.stop());
    // The field keeps the focus, so that its blur does not close the list before the click.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
  }

  later() {
    this.stop();
    this.close();
    if (this.input.value.trim().length < LEAST) return;
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.asking?.abort(); // an older answer never overtakes a newer one
  }

  address() {
    const asked = new URLSearchParams(this.root.dataset.params);
    const region = document.getElementById(this.root.dataset.region)?.value;
    if (region) asked.set("region", region);
    asked.set("q", this.input.value.trim());
    return `${this.root.dataset.suggest}?${asked}`;
  }

  async ask() {
    const address = this.address();
    this.asking = new AbortController();
    try {
      const answer = this.kept.get(address) ?? (await this.fetched(address));
      if (answer && document.activeElement === this.input) this.show(answer.schools);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // offline: «Найти» is still there
    }
  }

  async fetched(address) {
    const { signal } = this.asking;
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (!response.ok) return null;
    const answer = await response.json();
    if (signal.aborted) return null;
    if (this.kept.size > 50) this.kept.clear();
    this.kept.set(address, answer);
    return answer;
  }

  show(schools) {
    this.schools = schools;
    this.options = schools.map((school, number) => this.option(school, number));
    this.list.replaceChildren(...this.options);
    this.mark(-1);
    this.list.hidden = !schools.length;
    this.input.setAttribute("aria-expanded", String(schools.length > 0));
    this.said.textContent = schools.length ? `Подходящих школ: ${schools.length}. Выберите стрелками вниз и вверх.` : "Ничего не нашлось. Нажмите «Найти» или измените запрос.";
  }

  option(school, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("strong");
    name.textContent = school.name;
    const about = document.createElement("span");
    about.textContent = [school.full_name === school.name ? "" : school.full_name, school.place, school.inn && `ИНН ${school.inn}`].filter(Boolean).join(" · ");
    option.append(name, " ", about);
    return option;
  }

  mark(number) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = number;
    const option = this.options[number];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    const count = this.options.length;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (this.list.hidden || event.isComposing) {
      if (event.key === "ArrowDown" && count && !this.asking?.signal.aborted) this.show(this.schools);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: the field itself.
      this.mark(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    }
  }

  choose(number) {
    const school = this.schools[number];
    const form = document.getElementById(this.root.dataset.choose);
    this.close();
    if (!form) {
      location.assign(this.root.dataset.open + school.ogrn);
      return;
    }
    form.elements.school.value = school.ogrn;
    form.elements.q.value = this.input.value;
    form.requestSubmit();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.said.textContent = "";
    this.mark(-1);
  }
}

export const suggestSchools = () => {
  for (const root of document.querySelectorAll("[data-suggest]")) new Suggest(root);
};

// The only script of the pages. Every journey works without it; with it forms are kinder.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { ServiceNavigation } from "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { suggestSchools } from "./suggest.js";

// Set from here and not by an inline script, which the content security policy forbids.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [Button, ErrorSummary, ServiceNavigation, SkipLink]) {
  for (const root of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    try {
      new Component(root);
    } catch (error) {
      console.error(error); // one broken part must not take the others with it
    }
  }
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? "Скрыть" : "Показать";
    button.setAttribute("aria-label", visible ? "Скрыть пароль" : "Показать пароль");
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // A visible password must neither be sent as a remembered text field nor stay on the screen.
  input.form?.addEventListener("submit", () => show(false));
}

try {
  suggestSchools();
} catch (error) {
  console.error(error); // the field is a plain one then
}

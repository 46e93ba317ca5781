/** The voice: a slider of five named stops, and a line that lets the reader hear the difference. */

import { word } from "./messages.js";

/**
 * Wires the slider to the choice of a creator.
 * @param {HTMLFormElement} form
 * @returns {{weight: () => number, set: (weight: number) => void}} ``weight`` is 0 where no voice can be heard
 */
export function voiceOf(form) {
  const slider = form.elements.personality_weight;
  const names = [...form.querySelectorAll(".stops li")];
  const line = form.querySelector(".voice-line");
  const name = form.querySelector(".stop-name");

  const refresh = () => {
    const chosen = form.elements.creator.selectedOptions[0];
    const hasVoice = chosen.hasAttribute("data-line-0");
    slider.disabled = !hasVoice;
    const now = hasVoice ? Math.round(slider.value * (names.length - 1)) : 0;
    name.textContent = names[now].textContent;
    slider.setAttribute("aria-valuetext", names[now].textContent);
    names.forEach((one, index) => one.classList.toggle("now", index === now && hasVoice));
    line.textContent = hasVoice ? chosen.getAttribute(`data-line-${now}`) : why(chosen);
  };
  const set = (weight) => {
    slider.value = weight;
    refresh();
  };
  slider.addEventListener("input", refresh);
  form.elements.creator.addEventListener("change", refresh);
  names.forEach((one, index) =>
    one.addEventListener("click", () => slider.disabled || set(index / (names.length - 1))),
  );
  refresh();
  return { weight: () => (slider.disabled ? 0 : Number(slider.value)), set };
}

function why(chosen) {
  return chosen.value ? word("voice_unknown", { creator: chosen.text }) : word("voice_choose");
}

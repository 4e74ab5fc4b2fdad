// Waarborg: what a passkey needs to say when it does not work. The ceremony itself is allauth's.
"use strict";

const trouble = document.getElementById("passkey-trouble");

// Cancelled, too late, or no key at hand: allauth only writes that to the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (trouble) {
    trouble.hidden = false;
    trouble.querySelector("span").textContent = trouble.dataset.words;
  }
});

if (!window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = true;
  }
}

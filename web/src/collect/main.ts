// Where the story form begins.

import { mount } from "svelte";
import "../look/base.css";
import "../look/form.css";
import { app } from "./app.svelte";
import Root from "./Root.svelte";
import { watchVersions } from "./versions.svelte";

const target = document.getElementById("app");
if (target) mount(Root, { target });
// On Home nothing is told, recorded or typed in, and no code waits to be written on a card.
void app.start().finally(() => watchVersions(() => app.view.name === "home"));

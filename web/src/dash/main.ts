// Where the dashboard begins.

import { mount } from "svelte";
import "../look/base.css";
import "../look/dashboard.css";
import Root from "./Root.svelte";
import { session } from "./session.svelte";

const target = document.getElementById("app");
if (target) mount(Root, { target });
void session.start();

import { mount } from "svelte";
import "./gallery.css";
import Gallery from "./Gallery.svelte";

const target = document.getElementById("app");
if (target !== null) {
  mount(Gallery, { target });
}

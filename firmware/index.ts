/** What Node needs of the firmware: where the built images are. The firmware itself runs on a board. */
export * from "./image.js";

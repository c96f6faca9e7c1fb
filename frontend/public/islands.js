// Loads the islands' bundle when the page has islands, and wakes each of them.
const tag = document.querySelector("script[data-islands]");
const islands = document.querySelectorAll("leptos-island");
if (tag && islands.length > 0) {
  const module = await import(tag.dataset.js);
  await module.default({ module_or_path: tag.dataset.wasm });
  module.hydrate();
  for (const island of islands) {
    const wake = module[island.dataset.component];
    if (wake) await wake(island);
  }
  document.documentElement.dataset.awake = "";
}

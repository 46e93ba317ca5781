/** Tells the server where in the chosen folder each file lies: of a file's name alone it can't know. */

const folder = document.querySelector("input[data-paths]");
const paths = document.getElementById("id_paths");

folder?.addEventListener("change", () => {
  paths.value = JSON.stringify([...folder.files].map((file) => file.webkitRelativePath || file.name));
});

/** The theme switch of the example page, which stands for another site. */

const look = document.getElementById("look");
const show = () => (document.documentElement.dataset.look = look.value);
look.addEventListener("change", show);
show(); // a browser may have kept the choice over a reload

// How every map looks: outlines of countries in the colors of the page, and an operator's tiles above them.

// a color as the page has it, in a notation that the map reads
const plain = (host, name) => {
  const probe = host.appendChild(document.createElement("span"));
  probe.style.color = `var(${name})`;
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  brush.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
};

// `host` is where the colors are looked up: they depend on the place in the page
export const look = ({ host, countries, tiles, attribution }) => ({
  version: 8,
  sources: {
    countries: { type: "geojson", data: countries, attribution: "Natural Earth" },
    ...(tiles && { tiles: { type: "raster", tiles: [tiles], tileSize: 256, attribution } }),
  },
  layers: [
    { id: "sea", type: "background", paint: { "background-color": plain(host, "--sunken") } },
    { id: "land", type: "fill", source: "countries", paint: { "fill-color": plain(host, "--surface") } },
    { id: "borders", type: "line", source: "countries", paint: { "line-color": plain(host, "--outline"), "line-width": 1 } },
    ...(tiles ? [{ id: "tiles", type: "raster", source: "tiles" }] : []),
  ],
});

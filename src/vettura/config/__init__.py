"""Settings, URLs and the one page that names every outside provider."""

// Package chart is the geometry of the report's pictures: scales, ticks,
// paths, merged columns, clustered markers, stacked segments and strips of
// dots. It knows nothing of harness, HTML or colours: numbers in, coordinates
// out. Lengths are in the user units of an SVG view box.
package chart

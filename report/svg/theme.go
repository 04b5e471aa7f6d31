package svg

import (
	"fmt"
	"strings"
)

// Colour is one of the theme, by its name.
type Colour string

// The theme. Outcomes, verdicts and violations have colours that colour-blind
// readers can tell apart (Okabe and Ito 2008); they never stand alone: a texture, a
// shape or a word says the same.
const (
	None  Colour = ""
	Ink   Colour = "ink"   // text, lines of data
	Muted Colour = "muted" // text that explains
	Rule  Colour = "rule"  // axes
	Grid  Colour = "grid"
	Paper Colour = "paper" // the background

	OK        Colour = "ok"
	Fail      Colour = "fail"
	Info      Colour = "info" // also the verdict unknown
	Violation Colour = "violation"
	Valid     Colour = "valid"

	Fault     Colour = "fault"      // the band behind
	FaultMark Colour = "fault-mark" // the bar that says how long
)

// Shade is a colour of the theme on a light and on a dark background, as #rrggbb.
type Shade struct {
	Name        Colour
	Light, Dark string
}

// Theme returns all colours.
func Theme() []Shade {
	return []Shade{
		{Ink, "#1a1a1a", "#e8e8e8"},
		{Muted, "#5d6369", "#a3a9af"},
		{Rule, "#b4b9be", "#4a5158"},
		{Grid, "#eceeef", "#242a2f"},
		{Paper, "#ffffff", "#14171a"},
		{OK, "#0072b2", "#56b4e9"},
		{Fail, "#e69f00", "#e69f00"},
		{Info, "#cc79a7", "#cc79a7"},
		{Violation, "#d55e00", "#d55e00"},
		{Valid, "#009e73", "#009e73"},
		{Fault, "#f6f2df", "#2a2a22"},
		{FaultMark, "#a39767", "#8d8460"},
	}
}

// Variables returns CSS that defines each colour as a variable, --ink and so on, by
// what the reader prefers.
func Variables() string {
	var light, dark strings.Builder
	for _, s := range Theme() {
		fmt.Fprintf(&light, "--%s:%s;", s.Name, s.Light)
		fmt.Fprintf(&dark, "--%s:%s;", s.Name, s.Dark)
	}
	return ":root{" + light.String() + "}\n@media (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n"
}

// Rules returns the CSS that drawings need within a page, by the variables of
// [Variables].
func Rules() string {
	return rules(func(s Shade) string { return "var(--" + string(s.Name) + ")" }) +
		".jl-drawing{max-width:100%;height:auto}\n"
}

// fileRules is the style of a file. Why not variables: what turns SVG into PDF does
// not know them.
func fileRules() string {
	return rules(func(s Shade) string { return s.Light }) +
		"@media (prefers-color-scheme:dark){\n" + rules(func(s Shade) string { return s.Dark }) + "}\n"
}

func rules(value func(Shade) string) string {
	var css strings.Builder
	for _, s := range Theme() {
		fmt.Fprintf(&css, ".jl-f-%s{fill:%s}.jl-s-%s{stroke:%s}\n", s.Name, value(s), s.Name, value(s))
	}
	return css.String()
}

package sandbox

import (
	_ "embed"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// locales holds what numbers.js and languages.js know of languages, a line for each.
//
//go:embed locales.json
var locales string

// locale is the data of a language as JSON; nothing if there are none.
func locale(tag string) string {
	_, rest, found := strings.Cut(locales, "\n\""+tag+"\":")
	if !found {
		return ""
	}
	data, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSuffix(data, ",")
}

// compare orders two texts as a language does, by what of them counts as different.
func compare(a, b, tag, sensitivity string, numeric bool) int {
	var options []collate.Option
	switch sensitivity {
	case "base":
		options = append(options, collate.Loose)
	case "accent":
		options = append(options, collate.IgnoreCase)
	case "case":
		options = append(options, collate.IgnoreDiacritics)
	}
	if numeric {
		options = append(options, collate.Numeric)
	}
	return collate.New(language.Make(tag), options...).CompareString(a, b)
}

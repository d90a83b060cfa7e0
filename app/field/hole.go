package field

import (
	"regexp"
	"slices"
)

// Holes are the names in a text's double braces, in their order.
func Holes(text string) []string {
	var names []string
	for _, match := range hole.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, match[1]) {
			names = append(names, match[1])
		}
	}
	return names
}

// FillHoles puts values into the holes of a text; a hole without one stays.
func FillHoles(text string, values map[string]string) string {
	return hole.ReplaceAllStringFunc(text, func(found string) string {
		if value := values[hole.FindStringSubmatch(found)[1]]; value != "" {
			return value
		}
		return found
	})
}

var hole = regexp.MustCompile(`\{\{\s*([a-z][a-z0-9_]*)\s*\}\}`)

package sheet

import (
	"regexp"
	"strings"
)

// ByteOrderMark before a table tells Excel that it is UTF-8.
const ByteOrderMark = "\uFEFF"

// Inert keeps a spreadsheet from taking a text for a formula, as OWASP's note on CSV injection says. A text that looks as if
// it was kept so already gets one sign more, so that Active gives back what there was.
func Inert(text string) string {
	if isFormula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// Active undoes Inert.
func Active(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return text
}

// negative is a number or an amount below zero, which no spreadsheet calculates with more than its sign.
var negative = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?( [A-Z]{3})?$`)

func isFormula(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r\x00", rune(text[0])) && !negative.MatchString(text)
}

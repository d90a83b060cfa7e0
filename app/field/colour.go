package field

import (
	"errors"
	"regexp"
	"strings"
)

// Colour is a colour as #rrggbb in small letters. Empty is none.
type Colour string

var colourType = writtenType{
	name:    "colour",
	longest: 7,
	read:    readColour,
	schema:  Schema{"pattern": "^(#[0-9a-f]{6})?$", "examples": []any{"#1a7f37"}},
}

var colourForm = regexp.MustCompile(`^#([0-9a-f]{3}|[0-9a-f]{6})$`)

func readColour(text string) (string, error) {
	text = strings.ToLower(text)
	if !colourForm.MatchString(text) {
		return "", errors.New("must be a colour such as #1a7f37")
	}
	if len(text) == len("#rgb") {
		r, g, b := text[1:2], text[2:3], text[3:4]
		text = "#" + r + r + g + g + b + b
	}
	return text, nil
}
